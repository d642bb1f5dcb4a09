// Command threads makes operating system threads come and go: a goroutine that ends while locked to its
// thread takes the thread with it.
package main

import (
	"fmt"
	"runtime"
)

const churn = 300

//go:noinline
func onOwnThread(n int) int {
	return n + 1 // stop: own thread
}

func main() {
	sum := 0
	results := make(chan int)
	for n := 0; n < churn; n++ {
		n := n
		go func() {
			runtime.LockOSThread()
			results <- onOwnThread(n)
		}()
		if n%10 == 9 {
			for i := 0; i < 10; i++ {
				sum += <-results
			}
		}
	}
	fmt.Println("sum", sum) // stop: done
}
