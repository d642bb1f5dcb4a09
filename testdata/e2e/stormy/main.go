// Command stormy calls one function 10,000 times from each of eight goroutines. Arguments make it fewer calls.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

const workers = 8

var total int64

type job struct {
	worker, call int
	next         *job
}

//go:noinline
func work(j *job) {
	atomic.AddInt64(&total, 1) // stop: work
}

func main() {
	calls := 10000
	if len(os.Args) > 1 {
		calls, _ = strconv.Atoi(os.Args[1])
	}
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		worker := worker
		group.Add(1)
		go func() {
			defer group.Done()
			for call := 0; call < calls; call++ {
				work(&job{worker: worker, call: call})
			}
		}()
	}
	group.Wait()
	fmt.Println("total", total) // stop: done
}
