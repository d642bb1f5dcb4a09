// Command edited has values of every shape for an editor to open, runs for as long as it is let, and ends in a panic or
// with a status of its own.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"
)

type point struct{ X, Y int }

type node struct {
	Name  string
	At    point
	Next  *node
	Index map[string]int
}

var global = 7

func show(n int) int {
	deep := &node{Name: "first", At: point{1, 2}, Next: &node{Name: "second", Next: &node{Name: "third"}}}
	deep.Index = map[string]int{"a": 1, "b": 2}
	long := make([]int, 1000)
	for i := range long {
		long[i] = i * i
	}
	text := []byte("bytes")
	var failure error = errors.New("oops")
	keyed := map[point]point{{1, 2}: {3, 4}}
	small := uint8(98)
	name := "old"
	fmt.Println(n, deep.Name, len(long), text, failure, keyed, small, name) // stop: show
	return n * 2
}

func tick(count int) int {
	count++ // stop: tick
	return count
}

func double(n int) int { return 2 * n }

func main() {
	global = double(tick(2)) + 1 // stop: chain
	fmt.Fprintln(os.Stderr, "to standard error: ä")
	sum := 0
	for i := 0; i < 3; i++ {
		sum += show(i) // stop: loop
	}
	fmt.Println("sum", sum)
	switch {
	case len(os.Args) < 2:
		os.Exit(global)
	case os.Args[1] == "panic":
		panic("as asked")
	default:
		for count := 0; ; count = tick(count) {
			time.Sleep(time.Millisecond)
		}
	}
}
