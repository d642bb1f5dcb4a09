// Command counted calls one function 10,000 times from each of eight goroutines, which now and then wait for each other.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

const (
	workers = 8
	calls   = 10000
)

var (
	guard sync.Mutex
	total int
)

//go:noinline
func work(worker, call int) int {
	result := worker + call // stop: every
	if call%100 == 0 {
		runtime.Gosched() // stop: yields
	}
	return result // stop: some
}

func main() {
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for call := 0; call < calls; call++ {
				result := work(worker, call)
				guard.Lock()
				total += result // stop: adds
				guard.Unlock()
			}
		}(worker)
	}
	group.Wait()
	fmt.Println("total", total) // stop: done
}
