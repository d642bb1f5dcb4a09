// Faults, signals and preemption.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

type node struct{ next *node }

var stop bool

//go:noinline
func follow(n *node) *node {
	return n.next // stop: fault
}

//go:noinline
func faulting() {
	defer func() {
		recover()
		recovered()
	}()
	follow(nil)
}

//go:noinline
func recovered() {}

var counter int

// No call, so nothing but a signal preempts it.
//
//go:noinline
func spin() {
	for !stop {
		counter++
	}
}

func main() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
	<-c
	faulting()
	go spin()
	for {
		stop = false
	}
}
