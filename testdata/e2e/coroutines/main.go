//go:build go1.23

// A program of coroutines to step through.
package main

import (
	"fmt"
	"iter"
	"os"
)

var sink int

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) { // stop: yield
				return
			}
		}
		sink++ // stop: last
	}
}

func pulls(next func() (int, bool), stop func()) {
	v, _ := next() // stop: first
	sink += v
	v, _ = next() // stop: second
	sink += v
	_, ok := next() // stop: third
	if ok {
		sink++
	}
	stop() // stop: over
	sink++
}

func stops(next func() (int, bool), stop func()) {
	v, _ := next()
	sink += v
	stop() // stop: early
	sink++
}

func main() {
	walks := map[string]func(func() (int, bool), func()){"pulls": pulls, "stops": stops}
	walks[os.Args[1]](iter.Pull(upTo(2)))
	fmt.Println("done") // stop: walked
}
