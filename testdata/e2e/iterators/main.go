//go:build go1.23

// A program of loops over functions to step through. The comments say when a step stops at their line, as in steps.
package main

import (
	"fmt"
	"iter"
	"os"
)

var sink int

func upTo(n int) iter.Seq[int] { // plain.step: 4, breaks.step: 3, returns.step: 3
	return func(yield func(int) bool) { // plain.step: 5 7, breaks.step: 4 6, returns.step: 4 6
		for i := 0; i < n; i++ { // plain.step: 8 14 20, breaks.step: 7 14, returns.step: 7 13
			if !yield(i) { // plain.step: 9 13 15 19, breaks.step: 8 13 15 19, returns.step: 8 12 14 18
				return // breaks.step: 20, returns.step: 19
			}
		}
	} // plain.step: 21
}

func plain() { // next: 1, step: 1
	total := 0               // next: 2, step: 2
	for i := range upTo(2) { // next: 3 6, step: 3 6 10 16
		total += i // next: 4 7, step: 11 17
	} // next: 5 8, step: 12 18 22
	sink = total // next: 9, step: 23
} // next: 10, step: 24

func breaks() { // next: 1, step: 1
	for i := range upTo(5) { // next: 2 6, step: 2 5 9 16
		if i == 1 { // next: 3 7, step: 10 17
			break // next: 8, step: 18
		}
		sink += i // next: 4, step: 11
	} // next: 5 9, step: 12 21
	sink++ // next: 10, step: 22
} // next: 11, step: 23

func returns() int { // next: 1, step: 1
	for i := range upTo(5) { // next: 2 5, step: 2 5 9 15
		if i == 1 { // next: 3 6, step: 10 16
			return i // next: 7, step: 17
		}
	} // next: 4 8, step: 11 20
	return -1
}

func nested() { // next: 1
	for i := range upTo(2) { // next: 2 14
		for j := range upTo(2) { // next: 3 8 15
			if j == 1 { // next: 4 9 16
				continue // next: 10
			}
			if i == 1 { // next: 5 17
				break // next: 18
			}
			sink += i // next: 6
		} // next: 7 11 19
		sink += 10 // next: 12 20
	} // next: 13 21
	sink++ // next: 22
} // next: 23

func inside() {
	for i := range upTo(2) {
		for j := range upTo(2) {
			sink += i + j // stop: innermost
		}
	}
	sink++
}

func defers() { // next: 1
	for i := range upTo(2) { // next: 2 5
		defer add(i) // next: 3 6
	} // next: 4 7
	sink++ // next: 8
} // next: 9

func add(n int) {
	sink += n
}

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) all(yield func(int) bool) {
	if t == nil {
		return
	}
	for v := range t.left.all {
		if !yield(v) { // stop: yield left
			return
		}
	}
	if !yield(t.value) {
		return
	}
	for v := range t.right.all {
		if !yield(v) {
			return
		}
	}
}

func recursive() { // next: 1
	t := &tree{&tree{&tree{nil, nil, 1}, nil, 2}, nil, 3} // next: 2
	for v := range t.all {                                // next: 3 6 9
		sink += v // next: 4 7 10
	} // next: 5 8 11
	sink++ // next: 12
} // next: 13

func pulled() { // next: 1
	next, stop := iter.Pull(upTo(2)) // next: 2
	defer stop()                     // next: 3
	v, ok := next()                  // next: 4
	sink += v                        // next: 5
	if ok {                          // next: 6
		v, _ = next() // next: 7
		sink += v     // next: 8
	}
} // next: 9

func panics() (err any) { // next: 1
	defer func() { // next: 2 9
		err = recover() // next: 10
	}() // next: 11
	for i := range upTo(2) { // next: 3 6
		if i == 1 { // next: 4 7
			panic("in the body") // next: 8
		}
	} // next: 5
	return nil
}

func main() {
	walks := map[string]func(){
		"plain": plain, "breaks": breaks, "nested": nested, "defers": defers, "recursive": recursive,
		"pulled": pulled, "inside": inside,
		"returns": func() { returns(); sink = 1 }, // returns.next: 9, returns.step: 21
		"panics":  func() { panics(); sink = 1 },  // panics.next: 12
	}
	walks[os.Args[1]]() // stop: walk
	fmt.Println("done") // stop: walked
}
