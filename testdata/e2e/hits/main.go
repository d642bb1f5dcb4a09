// Command hits calls one function 10,000 times, from eight goroutines at once: every call must be counted, and
// none may be lost or counted twice.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

const (
	workers = 8
	calls   = 1250
)

var total int64

//go:noinline
func work(worker, call int) {
	atomic.AddInt64(&total, 1) // stop: work
}

func main() {
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		worker := worker
		group.Add(1)
		go func() {
			defer group.Done()
			for call := 0; call < calls; call++ {
				work(worker, call)
			}
		}()
	}
	group.Wait()
	fmt.Println("total", total) // stop: done
}
