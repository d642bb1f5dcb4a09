// Command recursion goes a hundred calls deep: a step over a call must end in the frame where it began, not in
// a deeper call of the same function.
package main

import "fmt"

func sum(n int) int {
	if n == 0 {
		return 0 // stop: bottom
	}
	rest := sum(n - 1) // stop: call
	total := n + rest  // stop: after call
	return total
}

func main() {
	result := sum(100)  // stop: main call
	fmt.Println(result) // stop: done
}
