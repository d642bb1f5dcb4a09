// Command fatal dies in the way that its argument names.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

type node struct {
	name string
	next *node
}

//go:noinline
func last(n *node) string {
	return n.next.next.name // stop: nil
}

func nilInGoroutine() {
	done := make(chan bool)
	for i := 0; i < 8; i++ {
		go func() {
			<-done
		}()
	}
	go func() {
		n := &node{name: "only"}
		fmt.Println(last(n)) // stop: call of last
	}()
	<-done
}

func concurrentMapWrites() {
	counts := map[int]int{}
	for worker := 0; worker < 4; worker++ {
		worker := worker
		go func() {
			for i := 0; ; i++ {
				counts[i%100] = worker // stop: write
			}
		}()
	}
	time.Sleep(time.Hour)
}

func unlock() {
	var mutex sync.Mutex
	mutex.Unlock() // stop: unlock
}

func memory() {
	size := 1 << 47
	huge := make([]byte, size) // stop: make
	fmt.Println(len(huge))
}

func deep(n int) int {
	return deep(n+1) + 1 // stop: deep
}

func overflow() {
	debug.SetMaxStack(1 << 20)
	fmt.Println(deep(0))
}

func deadlock() {
	var mutex sync.Mutex
	mutex.Lock()
	mutex.Lock() // stop: deadlock
}

func abort() {
	me := "me"
	syscall.Kill(syscall.Getpid(), syscall.SIGABRT) // stop: abort
	time.Sleep(time.Hour)
	fmt.Println(me)
}

func fault() {
	var buffer [4]byte
	index := 4
	debug.SetPanicOnFault(false)
	fmt.Println(buffer[index%5]) // stop: index
}

func custom() {
	type reason struct {
		code int
		text string
	}
	panic(reason{7, "seven"}) // stop: custom
}

func main() {
	ways := map[string]func(){
		"nil": nilInGoroutine, "map": concurrentMapWrites, "unlock": unlock, "memory": memory,
		"overflow": overflow, "deadlock": deadlock, "abort": abort, "index": fault, "custom": custom,
	}
	ways[os.Args[1]]()
}
