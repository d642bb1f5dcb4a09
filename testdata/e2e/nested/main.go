// Command nested runs itself as a child, which runs itself as a child in turn: root, middle, leaf.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

var ticks int

//go:noinline
func tick(name string) {
	ticks++
	fmt.Println("tick", name) // stop: tick
}

func run(name string) {
	path, err := os.Executable()
	if err == nil {
		command := exec.Command(path, name)
		command.Stdout, command.Stderr = os.Stdout, os.Stderr
		err = command.Run()
	}
	fmt.Println("child", name, err)
}

func main() {
	name := "root"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	switch name {
	case "root":
		run("middle")
	case "middle":
		tick(name)
		run("leaf")
	case "leaf":
		tick(name)
	}
	fmt.Println("end of", name)
}
