// Command generics has one function for several types, and a type with a parameter.
package main

import "fmt"

type number interface{ ~int | ~float64 }

func sum[T number](values []T) T {
	var total T
	for _, value := range values {
		total += value // stop: sum
	}
	return total
}

type stack[T any] struct{ items []T }

func (s *stack[T]) push(item T) {
	s.items = append(s.items, item) // stop: push
}

func main() {
	words := &stack[string]{}
	words.push("one")
	words.push("two")
	fmt.Println(sum([]int{1, 2, 3}), sum([]float64{1.5, 2.5}), words.items) // stop: done
}
