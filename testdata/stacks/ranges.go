// Stacks of the bodies of ranges over functions, as the program itself sees them.
package main

import (
	"fmt"
	"iter"
	"runtime"
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

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func main() {
	for i := range count(2) {
		report()
		for range count(i) {
			report()
		}
	}
	next, stop := iter.Pull(func(yield func(int) bool) {
		report()
		yield(1)
	})
	next()
	stop()
	finished()
}

//go:noinline
func finished() {}
