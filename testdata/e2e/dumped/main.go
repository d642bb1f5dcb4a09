// A process to make a core file of: threads, a heap, and a gigabyte of address space with little in it.
package main

import (
	"fmt"
	"sync"
	"syscall"
)

type node struct {
	Value int
	Next  *node
}

func list(n int) *node {
	var head *node
	for i := 0; i < n; i++ {
		head = &node{i, head}
	}
	return head
}

func main() {
	const size = 1 << 30
	sparse, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	copy(sparse[size/2:], "in the middle of nothing")
	head := list(1000)
	text := "known text"
	var ready, done sync.WaitGroup
	release := make(chan bool)
	for i := 0; i < 3; i++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			ready.Done()
			<-release
			done.Done()
		}()
	}
	ready.Wait()
	fmt.Println(head.Value, text, string(sparse[size/2:size/2+6])) // stop: dump
	close(release)
	done.Wait()
}
