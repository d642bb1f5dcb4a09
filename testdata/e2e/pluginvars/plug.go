// A plugin for the program plugged, with variables of all kinds.
package main

import (
	"fmt"
	"strings"
)

type point struct{ x, y int }

type shape interface{ area() float64 }

type box struct {
	name    string
	corners []point
	inner   *box
	tags    map[string]point
}

type list[T any] struct {
	items []T
}

const limit = 40

var (
	calls  int
	origin = point{3, 4}
	boxes  = map[string]*box{}
	kept   shape
)

func (b *box) area() float64 {
	return float64(b.corners[0].x) // stop: area
}

func (l *list[T]) add(item T) {
	l.items = append(l.items, item) // stop: add
}

// Triple is what is looked for.
func Triple(n int) int {
	calls++ // stop: begin
	b := &box{name: "triple", corners: []point{{n, 2}, {5, 6}}, tags: map[string]point{"a": {7, n}}}
	b.inner = &box{name: "inner"}
	boxes[b.name] = b
	kept = b
	var l list[point]
	l.add(point{n + 1, n + 2})
	grow := func(by int) int {
		return len(b.corners) + by + n // stop: closure
	}
	total := grow(10) + int(kept.area()) + origin.x + limit
	for i := 0; i < 2; i++ {
		text := strings.Repeat("x", i) // stop: loop
		total += len(text)
	}
	origin.y++
	fmt.Sprintln(total, l, limit) // stop: end
	return 3 * n
}

func main() {}
