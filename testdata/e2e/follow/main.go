// Command follow runs itself, or other programs, as children that live at the same time.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

// tick is called by each process as often as its argument says.
func tick(name string, n int) int {
	return n + len(name) // stop: tick
}

func child(name string, count int) {
	sum := 0
	for n := 0; n < count; n++ {
		sum += tick(name, n) // stop: call
	}
	fmt.Println(name, sum) // stop: sum
	os.Exit(count)
}

// start runs this program again; its output is this one's.
func start(arguments ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], arguments...)
	command.Stdout = os.Stdout
	if err := command.Start(); err != nil {
		fmt.Println(err)
	}
	return command
}

func main() {
	if len(os.Args) > 2 {
		count, _ := strconv.Atoi(os.Args[2])
		child(os.Args[1], count)
	}
	switch {
	case len(os.Args) > 1 && os.Args[1] == "orphan":
		start("alpha", "3")
	case len(os.Args) > 1:
		output, err := exec.Command(os.Args[1]).CombinedOutput()
		fmt.Printf("%q %v\n", output, err)
	default:
		alpha, beta := start("alpha", "3"), start("beta", "4")
		fmt.Println("both run") // stop: both
		fmt.Println(alpha.Wait())
		fmt.Println(beta.Wait())
	}
	fmt.Println("done") // stop: done
}
