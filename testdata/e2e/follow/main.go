// Command follow runs itself, or other programs, as children that live at the same time.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
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

// beat goes on until it is killed.
func beat() {
	for n := 0; ; n++ {
		fmt.Println("beat", n)
		time.Sleep(20 * time.Millisecond)
	}
}

// many starts 12 children at once, and adds up what they end with.
func many() {
	statuses := make(chan int)
	for i := 0; i < 12; i++ {
		go func(i int) {
			command := start("child"+strconv.Itoa(i), "20")
			command.Wait()
			statuses <- command.ProcessState.ExitCode()
		}(i)
	}
	sum := 0
	for i := 0; i < 12; i++ {
		sum += <-statuses
	}
	fmt.Println("sum of statuses", sum)
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
		if os.Args[1] == "beat" {
			beat()
		}
		child(os.Args[1], count)
	}
	if len(os.Args) > 1 && os.Args[1] == "waits" {
		fmt.Println("ready")
		bufio.NewReader(os.Stdin).ReadString('\n')
		os.Args = os.Args[:1]
	}
	switch {
	case len(os.Args) > 1 && os.Args[1] == "many":
		many()
	case len(os.Args) > 1 && os.Args[1] == "beats":
		one, two := start("beat", "1"), start("beat", "2")
		fmt.Println(one.Wait(), two.Wait())
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
