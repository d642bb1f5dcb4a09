// Lines with several calls, for steps into a chosen one.
package main

type shape interface{ area(scale int) int }
type square struct{ side int }

//go:noinline
func (s square) area(scale int) int {
	return s.side * s.side * scale // stop: area
}

type flat int

func (f flat) area(scale int) int { return int(f) * scale }

//go:noinline
func first(n int) int {
	return n + 1 // stop: first
}

//go:noinline
func second(n int) int {
	return n + 2 // stop: second
}

func small(n int) int {
	return n * 3 // stop: small
}

//go:noinline
func recursive(n int) int {
	if n == 0 {
		return first(0)
	}
	return recursive(n-1) + first(n) // stop: both
}

var sink int

func main() {
	var s shape = square{2}
	if sink != 0 {
		s = flat(0)
	}
	f := second
	sink = first(second(f(1))) + s.area(3) // stop: four
	sink = first(1) + small(sink)          // stop: inlined
	sink = recursive(3)                    // stop: recursion
	sink++                                 // stop: end
}
