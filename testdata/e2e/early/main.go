// Command early dies before main.main begins.
package main

import "fmt"

var table map[string]int

var first = fill()

func fill() int {
	table["first"] = 1 // stop: fill
	return len(table)
}

func main() {
	fmt.Println("never reached", first)
}
