// Code whose functions are not where their source is: inlined calls, generics, closures, method wrappers.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
)

type shape interface{ area() int }

type rect struct{ w, h int }

func (r rect) area() int { return twice(r.w) * r.h / 2 }

type named struct {
	rect
	name string
}

func twice(n int) int { return add(n, n) }

func add(a, b int) int {
	return a + b // stop: inlined twice over
}

// Only ever inlined: no function of its own has these lines.
func onlyInlined(n int) int {
	n *= 3 // stop: only inlined
	return n
}

type stack[T any] struct{ items []T }

//go:noinline
func (s *stack[T]) push(item T) { s.items = append(s.items, item) }

//go:noinline
func each[T any](items []T, f func(T)) {
	for _, item := range items {
		f(item)
	}
}

//go:noinline
func recovers(n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	fmt.Println(100 / n)
	return nil
}

//go:noinline
func where() {
	var pcs [8]uintptr
	callers := pcs[:runtime.Callers(2, pcs[:])]
	frames := runtime.CallersFrames(callers)
	for i := 0; i < 3; i++ {
		frame, _ := frames.Next()
		fmt.Printf("frame %#x %s %d %s\n", callers[0], frame.Function, frame.Line, frame.File)
	}
}

func outer() { inner() }

func inner() { where() }

func main() {
	outer()
	n := len(os.Args)
	shapes := []shape{rect{n, 2}, &rect{3, n}, named{rect{n, n}, "n"}, &named{rect{1, n}, "p"}}
	total := 0
	each(shapes, func(s shape) {
		total += onlyInlined(s.area()) // stop: closure
	})
	s := &stack[string]{}
	s.push("x")
	t := &stack[int]{}
	t.push(twice(n))
	sort.Slice(t.items, func(i, j int) bool { return t.items[i] < t.items[j] })
	fmt.Println(total, s.items, t.items, recovers(n-1))
}
