// Command storm calls one function 10,000 times from eight goroutines, while the garbage collector runs all the time
// and the runtime interrupts its threads by signals. With the argument "blocked", main waits for ever instead.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	workers = 8
	calls   = 1250
)

var (
	total   int64
	garbage [64][]byte
)

//go:noinline
func work(worker, call int) {
	atomic.AddInt64(&total, 1) // stop: work
}

//go:noinline
func beat(n int) {
	fmt.Println("beat", n) // stop: beat
}

func litter() {
	for i := 0; ; i++ {
		garbage[i%len(garbage)] = make([]byte, 10000)
		if i%100 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

func block() {
	never := make(chan bool)
	go func() {
		for n := 0; ; n++ {
			time.Sleep(time.Millisecond)
			beat(n)
		}
	}()
	<-never           // stop: blocked
	fmt.Println("no") // stop: never
}

func main() {
	runtime.GOMAXPROCS(4)
	debug.SetGCPercent(1)
	go litter()
	if len(os.Args) > 1 && os.Args[1] == "blocked" {
		block()
	}
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
