// A recursion as deep as the first argument says.
package main

import (
	"os"
	"strconv"
)

//go:noinline
func descend(n int) int {
	if n == 0 {
		return bottom()
	}
	return descend(n-1) + 1
}

//go:noinline
func bottom() int { return 0 }

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	descend(n)
}
