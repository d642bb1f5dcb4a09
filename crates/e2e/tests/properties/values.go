package main

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
)

type (
	count   int16
	mask    uint8
	big     uint64
	celsius float32
	phase   complex64
	label   string
	flag    bool

	inner struct {
		Depth int8
		Ratio float64
		Tag   string
	}
	link struct {
		Next   *link
		Value  uint32
		Weight complex64
	}
	outer struct {
		inner
		*link
		Name string
		Bits uint16
		On   flag
	}
	sparse struct {
		A int8
		_ int32
		F float64
		S string
	}
	shape  interface{ Area() float64 }
	square struct{ Side float32 }
)

func (s square) Area() float64 { return float64(s.Side) * float64(s.Side) }

var (
	total   int64   = -1 << 40
	limit   uint32  = 4096
	share   float32 = 1.0 / 3
	caption         = "a\tb\x00c"
	table           = [4]uint16{1, 10, 100, 65535}
	nothing *inner
)

const perDay = 24 * 60

// What an expression comes to: its type, and its value as a debugger shows it.
func shown(v any) string {
	if v == nil {
		return "nil"
	}
	r := reflect.ValueOf(v)
	return fmt.Sprintf("%T\t%s", v, text(r))
}

func text(r reflect.Value) string {
	float := func(f float64, bits int) string {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return strings.Replace(fmt.Sprintf("%+f", f), "+NaN", "NaN", 1)
		}
		return strconv.FormatFloat(f, 'f', -1, bits)
	}
	switch r.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.FormatUint(r.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return float(r.Float(), r.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		half := r.Type().Bits() / 2
		return "(" + float(real(r.Complex()), half) + " + " + float(imag(r.Complex()), half) + "i)"
	case reflect.String:
		return strconv.Quote(r.String())
	case reflect.Slice, reflect.Array:
		parts := make([]string, r.Len())
		for i := range parts {
			parts[i] = text(r.Index(i))
		}
		if r.Kind() == reflect.Array {
			return fmt.Sprintf("%s [%s]", r.Type(), strings.Join(parts, ","))
		}
		if r.IsNil() {
			return fmt.Sprintf("%s len: 0, cap: 0, nil", r.Type())
		}
		return fmt.Sprintf("%s len: %d, cap: %d, [%s]", r.Type(), r.Len(), r.Cap(), strings.Join(parts, ","))
	}
	panic("a kind that is not shown: " + r.Kind().String())
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Go leaves it to the processor what a float is in an integer type that cannot hold it.
type unspecified struct{}

func truncated[T integer, F ~float32 | ~float64](f F) T {
	whole := math.Trunc(float64(f))
	if !(whole < 1<<64) || float64(T(whole)) != whole {
		panic(unspecified{})
	}
	return T(f)
}

// A key that is not in the map is an error to a debugger.
func entry[K comparable, V any](m map[K]V, key K) V {
	value, ok := m[key]
	if !ok {
		panic("no such key")
	}
	return value
}

func show(i int, value func() any) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case unspecified:
			fmt.Printf("%d\tunspecified\n", i)
		default:
			fmt.Printf("%d\tpanic\t%v\n", i, r)
		}
	}()
	fmt.Printf("%d\t%s\n", i, shown(value()))
}

//go:noinline
func use(...any) {}

func main() {
	i, negative, zero := 7, -3, 0
	i8, j8 := int8(-128), int8(100)
	i16, i32, i64, j64 := int16(-300), int32(1<<31-1), int64(math.MinInt64), int64(1<<40+12345)
	u, u8, v8, u16, u32, u64 := uint(42), uint8(250), uint8(3), uint16(65535), uint32(0xdeadbeef), uint64(math.MaxUint64)
	up := uintptr(0x1234)
	f32, g32, f64, g64 := float32(0.1), float32(3e38), 2.5, 1e300
	negativeZero, infinite, nan, nan32 := math.Copysign(0, -1), math.Inf(1), math.NaN(), float32(math.NaN())
	c64, d64, c128, d128 := complex64(1.5-2i), complex64(3e38+1i), -0.1+0.3i, complex(math.Inf(-1), math.NaN())
	r := '世'
	s, empty, broken := "hello, wörld", "", "a\xffb"
	yes, no := true, false
	n16, m8, b64, warm, turned, tag, set := count(-5), mask(0xf0), big(1<<63), celsius(36.6), phase(2i), label("tag"), flag(true)
	heap := 5
	ph, pnil, pf := &heap, (*int)(nil), &f64
	tail := &link{Value: 9, Weight: 1i}
	chain := &link{Next: tail, Value: 8, Weight: 2 - 1i}
	o := outer{inner: inner{Depth: 3, Ratio: 0.75, Tag: "in"}, link: chain, Name: "out", Bits: 0x8000, On: true}
	po, lonely := &o, outer{inner: inner{Depth: -1}}
	sp, sq := sparse{A: 1, F: negativeZero, S: "x"}, sparse{A: 1, F: 0, S: "x"}
	ints, floats, texts := []int{5, -4, 3, -2, 1}, []float32{0.5, f32, nan32}, []string{"zero", "", "two"}
	bytes, runes, none := []byte("h\u00e9llo"), []rune("h\u00e9\x00\U0001f600"), []int(nil)
	array, other, odd := [5]int8{1, -2, 3, -4, 127}, [5]int8{1, -2, 3, -4, 127}, [2]float64{nan, 1}
	parray, grid := &array, [2][3]uint8{{1, 2, 3}, {4, 5, 255}}
	ages := map[string]int{"ann": 31, "bob": 47, "": -1}
	names := map[int8]string{1: "one", -1: "minus one"}
	rates := map[float64]float32{0.5: 1.5, infinite: 2.5}
	marks := map[sparse]uint8{{A: 1, F: 0, S: "x"}: 77}
	var absent map[string]int
	var any1, any2, any3, any4, any5, any6 any = 5, "text", nil, 2.5, o.inner, []int{1}
	var area, noArea, pointed shape = square{1.5}, nil, &square{2}
	queue, noQueue := make(chan int, 4), (chan int)(nil)
	queue <- 1
	call, noCall := use, (func())(nil)

//EXPRESSIONS

	os.Stdout.Sync()
	use(i, negative, zero, i8, j8, i16, i32, i64, j64, u, u8, v8, u16, u32, u64, up, f32, g32, f64, g64) // stop: values
	use(negativeZero, infinite, nan, nan32, c64, d64, c128, d128, r, s, empty, broken, yes, no)
	use(n16, m8, b64, warm, turned, tag, set, ph, pnil, pf, tail, chain, o, po, lonely, sp, sq, ints, floats, texts)
	use(bytes, runes, none, array, other, odd, parray, grid, ages, names, rates, marks, absent)
	use(any1, any2, any3, any4, any5, any6, area, noArea, pointed, queue, noQueue, call, noCall)
	use(total, limit, share, caption, table, nothing)
}
