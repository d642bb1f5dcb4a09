// A program of one file and no imports, so that a toolchain that has compiled nothing builds it soon.
package main

type node struct {
	name  string
	next  *node
	flags [3]bool
	where point
	any   interface{}
}

type point struct{ x, y int32 }

type pair[K comparable, V any] struct {
	key   K
	value V
}

var (
	answer   = 42424242
	greeting = "the same on every platform"
	root     = &node{name: "root", where: point{1, 2}}
)

func add(a, b int) int {
	return a + b // mark: inlined
}

//go:noinline
func twice(f func(int) int, n int) int {
	return f(f(n)) // mark: calls
}

//go:noinline
func apply[K comparable, V any](p pair[K, V], f func(V) V) pair[K, V] {
	p.value = f(p.value) // mark: generic
	return p
}

//go:noinline
func walk(n *node) (total int) {
	for ; n != nil; n = n.next { // mark: walk
		total = add(total, len(n.name))
	}
	return total
}

func main() {
	extra := answer
	closure := func(n int) int {
		return n + extra // mark: closure
	}
	p := apply(pair[string, int]{greeting, 1}, closure)
	println(twice(closure, p.value), walk(root), p.key)
}
