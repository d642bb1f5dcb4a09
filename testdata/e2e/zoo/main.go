// Command zoo has values of every kind, in every place where a variable can be.
package main

import "fmt"

func main() {
	scalars()
	texts()
	lists()
	maps()
	structs(7, "seven")
	pointers()
	cycles()
	interfaces()
	functions(3)
	channels()
	times()
	generics()
	scopes(5, "a", "b")
	_, _ = unnamed(4)
	keep(counter, title, table, numbers, failure, settings) // stop: package
}

// keep has what is passed to it escape to the heap, or at least live until here.
//
//go:noinline
func keep(values ...interface{}) { kept += len(values) }

var kept int

var (
	counter        = 12
	title          = "a package's variable"
	table          = map[string]int{"one": 1}
	numbers        = []int{1, 2, 3}
	failure  error = fmt.Errorf("wrapped: %w", errTiny)
	settings       = struct {
		Name  string
		Level int
	}{"default", 3}
)
