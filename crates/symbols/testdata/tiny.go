// As small as a Go program can be and still have something of everything.
package main

type color uint8

const (
	red color = iota
	green
)

type node struct {
	next  *node
	name  string
	value float64
	any   interface{}
}

var root = &node{name: "root", value: 1}
var byName = map[string]*node{}

func twice[T int | float64](x T) T { return x + x }

//go:noinline
func walk(n *node, limit int) (total float64) {
	for ; n != nil && limit > 0; n = n.next {
		value := twice(n.value) // mark: walk
		total += value
		limit--
	}
	return total
}

func main() {
	counts := make(chan color, 2)
	go func() { counts <- green }()
	byName[root.name] = root
	root.any = <-counts
	println(walk(root, 3), len(byName))
}
