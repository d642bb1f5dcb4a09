//go:build go1.23

// Command ranges loops over a function: the loop's body is a function of its own.
package main

import "fmt"

func count(n int) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i := 0; i < n; i++ {
			if !yield(i, "x") {
				return
			}
		}
	}
}

func main() {
	total, word := 0, "outer"
	unused := "not in the body"
	for i, text := range count(3) {
		square := i * i
		total += square
		fmt.Println(i, text, square, word, total) // stop: body
	}
	fmt.Println(total, unused)
}
