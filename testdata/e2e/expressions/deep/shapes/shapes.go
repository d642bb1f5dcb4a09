// Package shapes is the other of two of that name.
package shapes

// Unit is a variable of the same name as that in the other package.
var Unit = "deep"

// Only is a variable that this package alone has.
var Only = 5

// Node is a type with a path that is not the end of another.
type Node struct {
	Val  int
	Next *Node
}

// Pair is generic.
type Pair[K comparable, V any] struct {
	Key K
	Val V
}

// Swapped is generic, too.
func Swapped[K, V comparable](p Pair[K, V]) Pair[V, K] {
	return Pair[V, K]{p.Val, p.Key}
}
