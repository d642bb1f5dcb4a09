// Package deeper has a path with two slashes.
package deeper

// Thing is made of parts.
type Thing struct {
	Name  string
	Parts []Part
}

// Part is one of them.
type Part struct {
	Number int
}
