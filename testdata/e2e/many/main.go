// Command many holds 10,000 goroutines, parked in one place.
package main

import (
	"fmt"
	"sync"
)

const parked = 10000

func park(ready *sync.WaitGroup, release chan struct{}, done chan int, n int) {
	ready.Done()
	<-release
	done <- n
}

func main() {
	var ready sync.WaitGroup
	release, done := make(chan struct{}), make(chan int)
	ready.Add(parked)
	for n := 0; n < parked; n++ {
		go park(&ready, release, done, n)
	}
	ready.Wait()
	fmt.Println("parked") // stop: parked
	close(release)
	sum := 0
	for n := 0; n < parked; n++ {
		sum += <-done
	}
	fmt.Println("sum", sum)
}
