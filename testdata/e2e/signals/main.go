// Command signals sends itself signals, which must reach it as if nobody watched.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const sent = 100

func main() {
	arrivals := make(chan os.Signal, 1)
	signal.Notify(arrivals, syscall.SIGUSR1)
	received := 0
	for n := 0; n < sent; n++ {
		if err := syscall.Kill(os.Getpid(), syscall.SIGUSR1); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		<-arrivals
		received++ // stop: received
	}
	fmt.Println("received", received) // stop: done
}
