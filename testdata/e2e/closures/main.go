// Command closures has functions within functions, some with a life of their own.
package main

import "fmt"

func counter(start int) (next func() int, reset func(int)) {
	count := start
	next = func() int {
		count++ // stop: closure
		return count
	}
	reset = func(to int) { count = to }
	return next, reset
}

func apply(values []int, change func(int) int) {
	for i, value := range values {
		values[i] = change(value) // stop: apply
	}
}

func main() {
	next, reset := counter(10)
	fmt.Println(next(), next())
	reset(100)
	factor := 3
	values := []int{1, 2, 3}
	apply(values, func(value int) int {
		product := value * factor // stop: product
		return product
	})
	fmt.Println(next(), values) // stop: done
}
