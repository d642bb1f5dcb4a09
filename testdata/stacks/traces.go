// Stacks as the program itself sees them.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
)

var trace []string

//go:noinline
func done() {}

//go:noinline
func report() {
	pcs := make([]uintptr, 100)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	trace = nil
	for {
		frame, more := frames.Next()
		trace = append(trace, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			break
		}
	}
	done()
}

func small(n int) int {
	return smaller(n) + 1
}

func smaller(n int) int {
	report()
	return n
}

type list []int

func (l list) Len() int           { return len(l) }
func (l list) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l list) Less(i, j int) bool { report(); return l[i] < l[j] }

type base struct{ n int }

//go:noinline
func (b *base) promoted() { small(b.n) }

type derived struct{ base }

type promoter interface{ promoted() }

//go:noinline
func generic[T any](x T, f func(T)) { f(x) }

func main() {
	small(1)
	sort.Sort(list{2, 1})
	func() {
		defer func() {
			recover()
			small(2)
		}()
		var m map[string]int
		m["x"] = 1
	}()
	func() {
		defer small(3)
		defer strings.Map(func(r rune) rune { small(4); return r }, "x")
	}()
	var p promoter = &derived{}
	p.promoted()
	bound := p.promoted
	bound()
	generic(5, func(n int) { small(n) })
	generic("x", func(string) { small(6) })
	finished()
}

//go:noinline
func finished() {}
