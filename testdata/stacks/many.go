// As many waiting goroutines as the first argument says.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

var mutex sync.Mutex

//go:noinline
func receiver(c chan int) { <-c }

//go:noinline
func sender(c chan int) { c <- 1 }

//go:noinline
func selecter(a, b chan int) {
	select {
	case <-a:
	case b <- 1:
	}
}

//go:noinline
func locker() {
	mutex.Lock()
	mutex.Unlock()
}

//go:noinline
func sleeper() { time.Sleep(time.Hour) }

//go:noinline
func ready() {}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	mutex.Lock()
	a, b := make(chan int), make(chan int)
	c := make(chan int)
	for i := 0; i < n; i++ {
		switch i % 5 {
		case 0:
			go receiver(a)
		case 1:
			go sender(b)
		case 2:
			go selecter(c, make(chan int))
		case 3:
			go locker()
		case 4:
			go sleeper()
		}
	}
	for runtime.NumGoroutine() < n {
		runtime.Gosched()
	}
	time.Sleep(20 * time.Millisecond)
	ready()
	fmt.Println(n)
}
