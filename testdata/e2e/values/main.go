// Command values has values so large that loading them takes time.
package main

import "fmt"

type node struct {
	Value int
	Next  *node
}

//go:noinline
func double(n int) int { return 2 * n }

func chain(length int) *node {
	var first *node
	for i := 0; i < length; i++ {
		first = &node{i, first}
	}
	return first
}

func main() {
	slice := make([]int, 1000000)
	for i := range slice {
		slice[i] = i
	}
	dict := make(map[int]int, 100000)
	for i := 0; i < 100000; i++ {
		dict[i] = 2 * i
	}
	words := make(map[string]int, 100000)
	for i := 0; i < 100000; i++ {
		words[fmt.Sprint("key ", i)] = i
	}
	shallow, deep := chain(1000), chain(10000)
	number, text := double(21), "text"
	fmt.Println(len(slice), len(dict), len(words), shallow.Value, deep.Value, number, text) // stop: made
}
