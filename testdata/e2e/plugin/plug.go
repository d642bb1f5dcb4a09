// A plugin for the program plugged.
package main

import "fmt"

type box struct {
	name  string
	count int
}

// Triple is what the program looks for.
func Triple(n int) int {
	b := box{"tripled", n} // stop: box
	for i := 0; i < 2; i++ {
		b.count = add(b.count, n) // stop: add
	}
	fmt.Sprintln(b) // stop: tripled
	return b.count
}

func add(a, b int) int {
	return a + b // stop: sum
}

func main() {}
