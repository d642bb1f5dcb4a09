// Variables of all kinds, to be assigned to by the debugger.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

type point struct{ X, Y int }

func (p point) String() string { return fmt.Sprintf("<%d %d>", p.X, p.Y) }

type shape struct {
	Name  string
	At    point
	Next  *shape
	Tags  []string
	Any   interface{}
	small int8
}

type list []int
type color uint8

type failure struct{ code int }

func (f *failure) Error() string { return fmt.Sprint("failure ", f.code) }

func double(n int) int { return 2 * n }
func half(n int) int   { return n / 2 }
func collect() int     { runtime.GC(); return 0 }

func describe(s *shape) string { return fmt.Sprintf("%+v", *s) }
func total(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}
func whole(p point) int { return p.X * p.Y }

var (
	global   = 1
	channel  = make(chan int, 2)
	failed   error
	anything interface{}
	stringer fmt.Stringer = point{}
	known    = map[string]int{"one": 1}
	points   = map[point]string{}
)

func main() {
	b, i8, u16, i64, f32, f64 := true, int8(1), uint16(2), int64(3), float32(4), 5.5
	c64, c128 := complex64(complex(1, 2)), complex(3, 4)
	text, other := "text", "other"
	slice, rest := []int{1, 2, 3}, []int{7, 8}
	array, arrays := [3]int{1, 2, 3}, [3]int{4, 5, 6}
	p, q := point{1, 2}, point{3, 4}
	s := &shape{Name: "s", At: p}
	t := &shape{Name: "t", At: q}
	named, hue := list(nil), color(1)
	f, g := double, half
	ch := channel
	m := known
	fail := &failure{3}
	problem := errors.New("problem")
	var empty map[string]int
	fmt.Println(b, i8, u16, i64, f32, f64, c64, c128, text, other, slice, rest, array, arrays, p, q) // stop: here
	fmt.Println(*s, *t, named, hue, f(3), g(3), len(ch), m, failed, anything, stringer, fail, problem, global, points, empty)
	fmt.Println(describe(s), total(slice), whole(p), collect())
	fmt.Println(inRegisters(int32(global), text, f64, p))
	if len(os.Args) > 5 {
		// Without these the compiler would take them for constants.
		b, i8, u16, i64, f32, f64, c64, c128 = false, 0, 0, 0, 0, 0, 0, 0
		text, slice, array, p, s, named, hue, f, ch, m = other, rest, arrays, q, t, nil, 0, g, nil, empty
		failed, anything, stringer = fail, problem, q
	}
}

//go:noinline
func inRegisters(n int32, text string, f float64, p point) string {
	return fmt.Sprint(n, text, f, p) // stop: registers
}
