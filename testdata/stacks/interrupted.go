// Command interrupted waits in one goroutine for another, which comes by a line again and again.
package main

import "fmt"

func tick(n int) int {
	return n + 1 // stop: tick
}

func work(start chan bool, done chan int) {
	<-start
	sum := 0
	for n := 0; n < 3; n++ {
		sum += tick(n)
	}
	done <- sum
}

func release(start chan bool, done chan int) chan int {
	close(start)
	return done
}

func wait() int {
	start, done := make(chan bool), make(chan int)
	go work(start, done)
	sum := <-release(start, done) // stop: wait
	sum += tick(10)               // stop: own
	fmt.Println("ok")             // stop: after
	return sum
}

func main() {
	fmt.Println(wait()) // stop: main
}
