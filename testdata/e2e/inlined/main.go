// Command inlined is built with optimisations: most of its functions have no code of their own.
package main

import "fmt"

var sink int

func small(a int) int {
	sink += a
	return a * 2
}

func middle(a int) int {
	b := small(a)
	sink += b
	return b + small(b)
}

//go:noinline
func outer(n int) int {
	total := 0
	for i := 0; i < n; i++ {
		total += middle(i)
		sink++
	}
	x := small(total)
	sink = x
	return x
}

//go:noinline
func opendefer() (n int) {
	defer done(3)
	n = small(4)
	sink = n
	return n
}

//go:noinline
func done(k int) { sink = k }

//go:noinline
func recovering() (n int) {
	defer func() {
		recover()
		n = 3
	}()
	var p *int
	n = *p
	return n
}

func main() {
	r := outer(3)
	s := opendefer()
	t := recovering()
	fmt.Println(r, s, t)
}
