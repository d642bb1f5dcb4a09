// Command hello is the smallest program with something to look at.
package main

import "fmt"

func greet(name string) string {
	greeting := "hello, " + name // stop: greet
	return greeting
}

func main() { // stop: main
	text := greet("world")
	fmt.Println(text) // stop: print
}
