// Command conditioned comes by pairs of lines again and again, with variables of all kinds: do the conditions of a pair
// hold equally often?
package main

import "fmt"

type state uint8

const (
	idle state = iota
	busy
	done
)

const limit = 7

type inner struct {
	depth int32
}

type node struct {
	inner
	id    int64
	next  *node
	label string
	ready bool
	is    state
}

var (
	visits  int
	current node
	last    *node
	small   uint8
	never   error
)

func visit(i int, n *node, text string, half float64, single float32) int {
	negative := -i
	letter := rune('a' + i%26)
	even := i%2 == 0
	escaped := i * 3
	list := make([]int, i%3)
	var none []int
	if i%3 == 0 {
		none = list
	}
	raise := func() int {
		escaped++
		visits++  // stop: closure
		escaped++ // stop: closure again
		return escaped
	}
	raise()
	visits++ // stop: first 0
	visits++ // stop: second 0
	visits++ // stop: first 1
	visits++ // stop: second 1
	visits++ // stop: first 2
	visits++ // stop: second 2
	visits++ // stop: first 3
	visits++ // stop: second 3
	visits++ // stop: first 4
	visits++ // stop: second 4
	visits++ // stop: first 5
	visits++ // stop: second 5
	visits++ // stop: first 6
	visits++ // stop: second 6
	visits++ // stop: first 7
	visits++ // stop: second 7
	{
		i := i / 2
		visits += i // stop: inner first
		visits -= i // stop: inner second
	}
	if even || letter == 'z' || len(text) > 100 || half < 0 || single < 0 || n == nil || none == nil {
		return negative
	}
	return i
}

func main() {
	for i := 0; i < 40; i++ {
		n := &node{inner: inner{int32(i % 4)}, id: int64(i), label: fmt.Sprint("node ", i%10), is: state(i % 3)}
		if i%4 != 0 {
			n.next = &node{id: int64(i) - 1, ready: i%8 < 4}
		}
		current, last, small = *n, n.next, uint8(i*9)
		visit(i, n, fmt.Sprint(i), float64(i)/2, float32(i)/10)
	}
	fmt.Println("visits", visits, never) // stop: end
}
