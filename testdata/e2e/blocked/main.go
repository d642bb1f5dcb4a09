// Command blocked waits in a system call, on a thread of its own, until another goroutine gives it what it waits for.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

//go:noinline
func feed(pipe int) {
	_, err := syscall.Write(pipe, []byte{42}) // stop: feed
	if err != nil {
		fmt.Println(err)
	}
}

// Waits until the thread is in read(2), whose number is 0, and then feeds it.
func feeder(thread, pipe int) {
	file := fmt.Sprintf("/proc/self/task/%d/syscall", thread)
	for {
		state, _ := os.ReadFile(file)
		if strings.HasPrefix(string(state), "0 ") {
			break
		}
		runtime.Gosched()
	}
	feed(pipe)
}

func main() {
	runtime.LockOSThread()
	var pipe [2]int
	if err := syscall.Pipe(pipe[:]); err != nil {
		panic(err)
	}
	sum := 0
	for i := 0; i < 3; i++ {
		go feeder(syscall.Gettid(), pipe[1])
		var buffer [1]byte
		n, err := syscall.Read(pipe[0], buffer[:])
		if n != 1 || err != nil {
			panic(err)
		}
		sum += int(buffer[0]) // stop: fed
	}
	fmt.Println("sum", sum) // stop: done
}
