// Functions to be called by the debugger.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

type point struct{ X, Y int }

func (p point) Sum() int         { return p.X + p.Y }
func (p *point) Move(dx int) int { p.X += dx; return p.X }

type named struct {
	point
	Name string
}

type greeter interface{ Greet(name string) string }

type polite struct{ word string }

func (p *polite) Greet(name string) string { return p.word + ", " + name }

type big struct {
	A [4]int
	B string
}

func add(a, b int) int                       { return a + b }
func mixed(a int8, b float64, c bool) string { return fmt.Sprint(a, b, c) }
func nothing()                               { calls++ }
func several(s string) (n int, err error) {
	if s == "" {
		return 0, errors.New("empty")
	}
	return len(s), nil
}
func unnamed(a int) (int, string)            { return a * 2, "two" }
func panics(text string) int                 { panic("about " + text) }
func upper(s string) string                  { return strings.ToUpper(s) }
func makeBig(n int) big                      { return big{[4]int{n, n, n, n}, "big"} }
func takeBig(b big, n int) int               { return b.A[0] + b.A[3] + len(b.B) + n }
func floats(a, b float32, c float64) float64 { return float64(a) + float64(b) + c }
func variadic(sep string, all ...int) string { return fmt.Sprint(sep, all) }
func escape(p *point) *point                 { kept = p; return p }
func collects(n int) int {
	for i := 0; i < n; i++ {
		runtime.GC()
		waste = make([]byte, 1<<16)
	}
	return n
}
func deep(n int) int {
	var room [128]int
	room[n%128] = n
	if n == 0 {
		return 0
	}
	return deep(n-1) + room[n%128] - n + 1
}
func identity[T any](x T) T { return x }
func exits() int            { defer nothing(); runtime.Goexit(); return 1 }
func ends(code int)         { os.Exit(code) }
func twoPanics() int {
	defer func() { panic("second") }()
	panic(errors.New("first"))
}
func recovers() (n int) {
	defer func() { n = len(fmt.Sprint(recover())) }()
	return panics("x")
}
func signals(n int) int {
	for i := 0; i < n; i++ {
		syscall.Kill(syscall.Getpid(), syscall.SIGURG)
		time.Sleep(time.Millisecond)
	}
	return n
}
func waits() int {
	done := make(chan int)
	go func() { done <- 7 }()
	return <-done
}
func many(a, b, c, d, e, f, g, h, i, j, k, l int, s string, t []int, x, y float64) string {
	return fmt.Sprint(a+b+c+d+e+f+g+h+i+j+k+l, s, t, x+y)
}
func allFloats(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p float64) (float64, float32, complex128) {
	return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p, 0.5, complex(p, o)
}
func huge(n int) (h [100]int, err error, ok bool) {
	for i := range h {
		h[i] = n + i
	}
	return h, nil, true
}
func sumHuge(h [100]int) (n int) {
	for _, one := range h {
		n += one
	}
	return n
}
func tiny(a int8, b bool, c uint16, d [1]int32, e struct{}, f [0]int) (int8, bool, uint16, [1]int32) {
	return a, b, c, d
}
func maker(n int) func(int) int { return func(m int) int { return n * m } }
func makesPointer() *point      { return &point{5, 6} }
func keepsAll(a, b string, c *point) string {
	runtime.GC()
	return a + b + fmt.Sprint(*c)
}
func collected(n int) string { return fmt.Sprint(collects(n)) }
func fresh(s string) string  { return strings.Repeat(s, 20) }
func stops(n int) int {
	n++
	return n * 2 // stop: inside
}

var (
	calls int
	kept  *point
	waste []byte
	// A copy on main's stack would make the line below an unsafe point to go1.19.
	hundred [100]int
	greets  greeter = &polite{"hello"}
)

func init() { hundred, _, _ = huge(0) }

func main() {
	p := point{3, 4}
	heap := &point{10, 20}
	kept = heap
	n := named{point{1, 2}, "n"}
	g := greets
	text := "text"
	numbers := []int{1, 2, 3}
	twice := func(x int) int { return x * 2 * len(numbers) }
	b := makeBig(1)
	count := 5
	bound, pointed := p.Sum, heap.Move
	small, none, none2 := [1]int32{3}, struct{}{}, [0]int{}
	fmt.Println(p, heap, n, g.Greet("x"), text, numbers, twice(1), takeBig(b, 0), count) // stop: here
	fmt.Println(add(1, 2), mixed(1, 2, true), unnamedSum(), upper("a"), floats(1, 2, 3), variadic("", 1))
	_, _ = several("a")
	nothing()
	_ = escape(heap)
	_ = collects(0)
	_ = deep(1)
	_ = identity(1) + len(identity("a"))
	_ = stops(1)
	_ = p.Sum() + heap.Move(0) + n.Sum()
	if calls > 100 {
		_, _, _, _, _, _ = exits(), twoPanics(), recovers(), signals(1), waits(), bound()+pointed(1)
		fmt.Println(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, "s", nil, 1, 2), sumHuge(hundred), maker(1)(2))
		fmt.Println(allFloats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
		fmt.Println(huge(1))
		fmt.Println(tiny(1, true, 2, small, none, none2))
		fmt.Println(makesPointer(), keepsAll("a", "b", heap), fresh("x"), collected(1))
		ends(1)
		// A variable that is never assigned to again may be replaced by its value, even without optimisation.
		text, count = "", 0
		_ = panics("nothing")
	}
	fmt.Println("done", calls, kept.X, text, count)
}

func unnamedSum() int { n, _ := unnamed(1); return n }
