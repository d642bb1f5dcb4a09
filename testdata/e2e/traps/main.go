// Command traps stops itself, by the runtime's function and by an instruction of its own.
package main

import (
	"fmt"
	"runtime"
)

func stray() int

func main() {
	fmt.Println("before")
	runtime.Breakpoint()
	fmt.Println("between") // stop: after the function
	n := stray()           // stop: call
	fmt.Println("after", n)
}
