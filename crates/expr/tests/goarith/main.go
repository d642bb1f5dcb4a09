// Answers each line of standard input with one: "eval <expression>" with the constant's type and exact value as
// go/types has it, "<type> <op> <x> <y>" with what a program computes.
package main

import (
	"bufio"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"strconv"
	"strings"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		if text, ok := strings.CutPrefix(in.Text(), "eval "); ok {
			fmt.Fprintln(out, eval(text))
			continue
		}
		f := strings.Fields(in.Text())
		fmt.Fprintln(out, typed(f[0], f[1], f[2], f[3]))
	}
}

func eval(text string) string {
	tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
	if err != nil {
		return "error " + err.Error()
	}
	if tv.Value == nil {
		return "error no constant"
	}
	v := tv.Value
	if v.Kind() == constant.Complex {
		return fmt.Sprintf("%s %s %s", tv.Type, constant.Real(v).ExactString(), constant.Imag(v).ExactString())
	}
	if tv.Type.String() == "untyped complex" {
		return fmt.Sprintf("%s %s 0", tv.Type, v.ExactString())
	}
	return fmt.Sprintf("%s %s", tv.Type, v.ExactString())
}

func typed(ty, op, x, y string) string {
	switch ty {
	case "int8":
		return ints[int8](op, x, y)
	case "int16":
		return ints[int16](op, x, y)
	case "int32":
		return ints[int32](op, x, y)
	case "int64":
		return ints[int64](op, x, y)
	case "uint8":
		return ints[uint8](op, x, y)
	case "uint16":
		return ints[uint16](op, x, y)
	case "uint32":
		return ints[uint32](op, x, y)
	case "uint64":
		return ints[uint64](op, x, y)
	case "float32":
		return floats[float32](op, x, y, 32)
	case "float64":
		return floats[float64](op, x, y, 64)
	}
	panic(ty)
}

func number[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](s string) T {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return T(n)
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return T(n)
}

func ints[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](op, x, y string) (s string) {
	defer func() {
		if recover() != nil {
			s = "panic"
		}
	}()
	a, b := number[T](x), number[T](y)
	switch op {
	case "+":
		return fmt.Sprint(a + b)
	case "-":
		return fmt.Sprint(a - b)
	case "*":
		return fmt.Sprint(a * b)
	case "/":
		return fmt.Sprint(a / b)
	case "%":
		return fmt.Sprint(a % b)
	case "&":
		return fmt.Sprint(a & b)
	case "|":
		return fmt.Sprint(a | b)
	case "^":
		return fmt.Sprint(a ^ b)
	case "&^":
		return fmt.Sprint(a &^ b)
	case "<<":
		return fmt.Sprint(a << b)
	case ">>":
		return fmt.Sprint(a >> b)
	case "neg":
		return fmt.Sprint(-a)
	case "not":
		return fmt.Sprint(^a)
	case "==":
		return fmt.Sprint(a == b)
	case "!=":
		return fmt.Sprint(a != b)
	case "<":
		return fmt.Sprint(a < b)
	case "<=":
		return fmt.Sprint(a <= b)
	case ">":
		return fmt.Sprint(a > b)
	case ">=":
		return fmt.Sprint(a >= b)
	case "int8":
		return fmt.Sprint(int8(a))
	case "uint8":
		return fmt.Sprint(uint8(a))
	case "int16":
		return fmt.Sprint(int16(a))
	case "uint32":
		return fmt.Sprint(uint32(a))
	case "int64":
		return fmt.Sprint(int64(a))
	case "uint64":
		return fmt.Sprint(uint64(a))
	case "float32":
		return strconv.FormatFloat(float64(float32(a)), 'f', -1, 32)
	case "float64":
		return strconv.FormatFloat(float64(a), 'f', -1, 64)
	}
	panic(op)
}

func floats[T float32 | float64](op, x, y string, bits int) string {
	f, _ := strconv.ParseFloat(x, bits)
	g, _ := strconv.ParseFloat(y, bits)
	a, b := T(f), T(g)
	show := func(v T) string { return strconv.FormatFloat(float64(v), 'f', -1, bits) }
	switch op {
	case "+":
		return show(a + b)
	case "-":
		return show(a - b)
	case "*":
		return show(a * b)
	case "/":
		return show(a / b)
	case "neg":
		return show(-a)
	case "==":
		return fmt.Sprint(a == b)
	case "<":
		return fmt.Sprint(a < b)
	case ">=":
		return fmt.Sprint(a >= b)
	case "float32":
		return strconv.FormatFloat(float64(float32(a)), 'f', -1, 32)
	case "float64":
		return strconv.FormatFloat(float64(a), 'f', -1, 64)
	case "parse":
		return show(a)
	}
	panic(op)
}
