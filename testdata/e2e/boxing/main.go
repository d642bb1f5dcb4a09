// Command boxing has values that an interface can hold, and some that it cannot.
package main

import "fmt"

type point struct{ x, y int }

func (p point) Error() string { return "point" }

type small uint8

func main() {
	p := point{1, 2}
	q := &p
	var failure error = p
	n, s, text := 7, small(3), "hello"
	fmt.Println(p, q, failure, n, s, text) // stop: boxed
}
