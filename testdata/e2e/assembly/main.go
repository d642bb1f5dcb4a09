// A program of functions written in assembly to step through: they are called by wrappers that the compiler makes, call
// Go by others, and jump to each other.
package main

import (
	"fmt"
	"os"
)

var sink int

func twice(n int) int   // asm_amd64.s
func through(n int) int // asm_amd64.s
func tail(n int) int    // asm_amd64.s

//go:noinline
func plain(n int) int {
	return n + 1 // stop: plain
}

func calls() {
	sink = twice(2)   // stop: twice
	sink = through(3) // stop: through
	sink = tail(4)    // stop: tail
	f := twice        // stop: value
	sink = f(5)       // stop: by value
	sink++            // stop: end
}

func main() {
	if len(os.Args) > 1 {
		sink, _ = fmt.Sscan(os.Args[1], &sink)
	}
	calls()
	fmt.Println("done", sink) // stop: walked
}
