// Command contention runs the same lines in many goroutines at once, so that a step in one of them is crossed
// by all the others.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

const (
	workers = 8
	rounds  = 200
)

var (
	mutex sync.Mutex
	sums  [workers]int
)

func round(worker, n int) int {
	a := worker*1000 + n // stop: round
	b := a * 2           // stop: second line
	runtime.Gosched()    // stop: third line
	c := b - a           // stop: fourth line
	return c
}

func run(worker int, group *sync.WaitGroup) {
	defer group.Done()
	for n := 0; n < rounds; n++ {
		value := round(worker, n)
		mutex.Lock()
		sums[worker] += value - worker*1000
		mutex.Unlock()
	}
}

func main() {
	runtime.GOMAXPROCS(4)
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go run(worker, &group)
	}
	group.Wait()
	sum := 0
	for _, value := range sums {
		sum += value
	}
	fmt.Println("sum", sum) // stop: done
}
