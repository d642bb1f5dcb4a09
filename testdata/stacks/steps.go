// Calls of every kind, to be executed instruction by instruction.
package main

import (
	"runtime"
	"strings"
	"time"
)

type shape interface{ area(int) int }

type square struct{ side int }

//go:noinline
func (s square) area(n int) int { return s.side * s.side * n }

//go:noinline
func leaf(a, b int) int { return a + b }

//go:noinline
func middle(n int) int {
	x := leaf(n, 1)
	return leaf(x, 2)
}

//go:noinline
func deferring(n int) (r int) {
	defer func() { r += leaf(r, n) }()
	return middle(n)
}

//go:noinline
func recovering() (r int) {
	defer func() {
		if recover() != nil {
			r = 1
		}
	}()
	panicking()
	return
}

//go:noinline
func panicking() { panic("on purpose") }

//go:noinline
func grow(n int) int {
	var big [600]byte
	big[n] = 1
	if n == 0 {
		return int(big[0])
	}
	return grow(n-1) + int(big[n])
}

var sink any

//go:noinline
func begin() {}

//go:noinline
func end() {}

func work(s shape, done chan bool) {
	begin()
	n := deferring(3)
	n += s.area(n)
	n += grow(8)
	n += recovering()
	f := func(x int) int { return leaf(x, n) }
	n += f(4)
	sink = strings.Repeat("x", n%7+40)
	sink = map[int]int{n: 1}
	sink = time.Now()
	sink = make([]byte, 40000)
	runtime.KeepAlive(sink)
	c := make(chan int, 1)
	c <- n
	end()
	done <- <-c > 0
}

func main() {
	done := make(chan bool)
	go work(square{2}, done)
	<-done
}
