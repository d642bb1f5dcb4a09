// Command paced does one thing as often as it is told to, and says how long that took: how fast is a program under a
// debugger? Its arguments: what ("calls", "writes", "steps", "compute", "threads"), how often, and how many goroutines
// do it (of "steps": how many are parked, and how many are busy).
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

var (
	total   int64
	watched int64
)

//go:noinline
func work(worker, call int) {
	atomic.AddInt64(&total, 1) // stop: work
}

//go:noinline
func begin() {
	fmt.Println("begin") // stop: begin
}

//go:noinline
func done() {
	fmt.Println("done", total) // stop: done
}

// Every worker calls as often as the others.
func calls(count, workers int) {
	together(workers, func(worker int) {
		for call := 0; call < count/workers; call++ {
			work(worker, call)
		}
	})
}

func writes(count, workers int) {
	together(workers, func(worker int) {
		for i := 0; i < count/workers; i++ {
			watched = int64(i)
			atomic.AddInt64(&total, 1)
		}
	})
}

// Garbage, messages and sums, on all CPUs at once.
func compute(count, workers int) {
	together(workers, func(worker int) {
		answers := make(chan int)
		for i := 0; i < count/workers; i++ {
			go func() {
				words := make(map[string]int)
				for n := 0; n < 200; n++ {
					words[strconv.Itoa(n%50)] += n
				}
				sum := 0
				for n := 0; n < 20000; n++ {
					sum += n ^ len(words)
				}
				answers <- sum
			}()
			atomic.AddInt64(&total, int64(<-answers&1))
		}
	})
}

// A thread ends with a goroutine that is locked to it.
func threads(count, workers int) {
	together(workers, func(worker int) {
		for i := 0; i < count/workers; i++ {
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				runtime.LockOSThread()
				atomic.AddInt64(&total, 1)
			}()
			<-gone
		}
	})
}

func steps(count, parked, busy int) {
	var ready sync.WaitGroup
	ready.Add(parked + busy)
	never := make(chan struct{})
	for i := 0; i < parked; i++ {
		go func() {
			ready.Done()
			<-never
		}()
	}
	for i := 0; i < busy; i++ {
		go func() {
			ready.Done()
			for spin := 0; ; spin++ {
				atomic.AddInt64(&watched, int64(spin&1))
			}
		}()
	}
	ready.Wait()
	sum := 0.5 // stop: step
	for i := 0; i < count; i++ {
		square := i * i
		half := float64(square) / 2
		text := strconv.Itoa(square)
		sum += half + float64(len(text))
	}
	total = int64(sum)
}

func together(workers int, do func(worker int)) {
	var group sync.WaitGroup
	group.Add(workers)
	for worker := 0; worker < workers; worker++ {
		go func(worker int) {
			defer group.Done()
			do(worker)
		}(worker)
	}
	group.Wait()
}

func number(index int) int {
	n, err := strconv.Atoi(os.Args[index])
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	what := os.Args[1]
	count, workers := number(2), number(3)
	begin()
	from := time.Now()
	switch what {
	case "calls":
		calls(count, workers)
	case "writes":
		writes(count, workers)
	case "steps":
		steps(count, workers, number(4))
	case "compute":
		compute(count, workers)
	case "threads":
		threads(count, workers)
	}
	fmt.Println("elapsed", time.Since(from).Nanoseconds())
	done()
}
