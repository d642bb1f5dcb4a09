// Command readable has values of the types that are shown readably too. What is said of a variable stands behind its
// line, after `// =`.
package main

import "fmt"

type names struct {
	First string
	Count int
}

func keep(values ...interface{}) {
	if len(values) == 0 {
		fmt.Println("nothing")
	}
}

// newer are the stops that need a newer Go.
var newer []func()

func main() {
	times()
	failures()
	locks()
	atomics()
	numbers()
	addresses()
	texts()
	contexts()
	reflected()
	fmt.Println("newer")
	for _, stop := range newer {
		stop()
	}
	damaged()
}
