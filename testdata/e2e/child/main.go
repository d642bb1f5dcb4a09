// Command child runs itself as another process and waits for it.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println("child of", os.Args[1]) // stop: child
		os.Exit(3)
	}
	command := exec.Command(os.Args[0], "parent")
	output, err := command.Output() // stop: parent
	fmt.Printf("%q %v\n", output, err)
}
