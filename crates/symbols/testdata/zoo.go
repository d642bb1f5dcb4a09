// Prints, for every kind of type, what the program itself knows of it: the tests compare debug information with it.
package main

import (
	"fmt"
	"reflect"
	"time"
	"unsafe"
)

type Color int

const (
	Red Color = iota
	Green
	Blue
)

type Flags uint8

const (
	FlagA Flags = 1 << iota
	FlagB
	FlagC
)

const Answer = 42
const Negative int64 = -7

type Point struct{ X, Y int }
type Named struct {
	Point
	*Inner
	Name  string
	flag  bool
	small int8
	wide  uint16
	f32   float32
	c     complex64
}
type Inner struct{ Depth int32 }
type Everything struct {
	b    bool
	i    int
	i8   int8
	i16  int16
	i32  int32
	i64  int64
	u    uint
	u8   uint8
	u16  uint16
	u32  uint32
	u64  uint64
	up   uintptr
	f32  float32
	f64  float64
	c64  complex64
	c128 complex128
	arr  [3]int16
	arr2 [2][3]int8
	ch   chan string
	rch  <-chan Point
	fn   func(int, ...string) (bool, error)
	e    interface{}
	err  error
	m    map[string]*Point
	m2   map[Point][]int
	p    *Everything
	pp   **int
	s    []Point
	str  string
	st   struct{ a, b int }
	u_p  unsafe.Pointer
	t    time.Time
	col  Color
	fl   Flags
	gen  Pair[string, int]
	genp *Pair[Point, []byte]
	zero struct{}
	none [0]int
}
type Pair[K any, V any] struct {
	Key K
	Val V
}
type MyMap map[int]string
type MySlice []Point
type MyString string
type MyChan chan int
type MyFunc func(int) int
type MyIface interface{ M(int) string }
type MyPtr *Point
type List struct {
	next *List
	self []List
	m    map[string]List
}
type myImpl struct{ n int }

func (m myImpl) M(i int) string { return fmt.Sprint(m.n + i) }

var counter = 7
var table = map[string]int{"a": 1}
var theEverything Everything
var theColor = Blue

//go:noinline
func Map[T, U any](in []T, f func(T) U) []U {
	var out []U
	for i, v := range in {
		u := f(v) // mark: generic
		out = append(out, u)
		_ = i
	}
	return out
}

//go:noinline
func results(a int, s string) (n int, err error) {
	n = a + len(s)
	{
		inner := n * 2
		if inner > 10 {
			deeper := inner + 1 // mark: deeper
			counter += deeper
		}
		counter += inner
	}
	return n, nil
}

//go:noinline
func unnamed(int) (int, string) { return counter, "x" }

func small(x int) int {
	y := x * 3
	return y + counter
}

func middle(x int) int {
	return small(x+1) + 1 // mark: call of small
}

//go:noinline
func outer(x int) int {
	z := middle(x) // mark: call of middle
	return z + x
}

//go:noinline
func escapes(n int) *int {
	local := n + 1 // mark: escapes
	other := 3
	f := func(d int) int {
		other += d // mark: closure
		return local + other + d
	}
	counter += f(2)
	return &local
}

//go:noinline
func lists(a, b int) int {
	s := 0
	for i := a; i < b; i++ {
		s += i * a
		if s > 1000 {
			s = unnamedSum(s, i)
		}
	}
	return s + b // mark: lists
}

//go:noinline
func unnamedSum(a, b int) int { return a ^ b }

func describe(t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	// An interface's first word is the address of its type's descriptor.
	var i interface{} = t
	descriptor := (*[2]uintptr)(unsafe.Pointer(&i))[1]
	fmt.Printf("type\t%s\t%d\t%d\t%#x\n", t, t.Kind(), t.Size(), descriptor)
	switch t.Kind() {
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			fmt.Printf("field\t%s\t%s\t%d\t%s\t%v\n", t, f.Name, f.Offset, f.Type, f.Anonymous)
			describe(f.Type, seen)
		}
	case reflect.Map:
		fmt.Printf("map\t%s\t%s\t%s\n", t, t.Key(), t.Elem())
		describe(t.Key(), seen)
		describe(t.Elem(), seen)
	case reflect.Array:
		fmt.Printf("array\t%s\t%s\t%d\n", t, t.Elem(), t.Len())
		describe(t.Elem(), seen)
	case reflect.Slice, reflect.Ptr, reflect.Chan:
		fmt.Printf("elem\t%s\t%s\n", t, t.Elem())
		describe(t.Elem(), seen)
	case reflect.Interface:
		fmt.Printf("iface\t%s\t%d\n", t, t.NumMethod())
	}
}

func main() {
	var every Everything
	var iface MyIface = myImpl{3}
	locals := []interface{}{every, &every, Named{}, List{}, MyMap{}, MySlice{}, MyString(""), MyChan(nil),
		MyFunc(nil), MyPtr(nil), &iface, Color(1), Pair[string, int]{}, Red, time.Now(), iface}
	seen := map[reflect.Type]bool{}
	for _, l := range locals {
		describe(reflect.TypeOf(l), seen)
	}
	theEverything.p = &every
	n, err := results(3, "hello")
	r, _ := unnamed(1)
	strs := Map([]int{1, 2}, func(i int) string { return fmt.Sprint(i) })
	pts := Map([]string{"a"}, func(s string) Point { return Point{len(s), FlagsOf(FlagB)} })
	fmt.Println("done", n, err, r, outer(5), *escapes(4), lists(2, 60), strs, pts, table, theColor, Answer, Negative, FlagA, FlagC, Green)
	fmt.Println("symbol", "counter", &counter)
}

//go:noinline
func FlagsOf(f Flags) int { return int(f) }
