// Package shapes is one of two of that name.
package shapes

// Sides is how many sides a triangle has.
const Sides = 3

// Unit is a variable of the same name as that in the other package.
var Unit = "shallow"

// Box has a size, and names no other type.
type Box struct{ W, H int }

// Area has a value for its receiver.
func (b Box) Area() int { return b.W * b.H }

// Grow has a pointer for its receiver.
func (b *Box) Grow(n int) { b.W += n }
