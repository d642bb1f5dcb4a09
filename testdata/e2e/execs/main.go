// Command execs replaces itself by itself (execve(2)), once.
package main

import (
	"fmt"
	"os"
	"syscall"
)

func again(generation string) {
	fmt.Println("generation", generation) // stop: again
}

func main() {
	if len(os.Args) > 1 {
		again(os.Args[1])
		os.Exit(5)
	}
	again("first")
	path, err := os.Executable()
	if err == nil {
		err = syscall.Exec(path, []string{path, "second"}, os.Environ()) // stop: exec
	}
	fmt.Println(err)
}
