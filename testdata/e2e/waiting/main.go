// Command waiting runs until its standard input ends, or for ever if its argument says so; a debugger attaches
// to it or interrupts it.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

var ticks int64

func tick() int64 {
	return atomic.AddInt64(&ticks, 1) // stop: tick
}

func main() {
	go func() {
		for {
			tick()
			time.Sleep(time.Millisecond)
		}
	}()
	fmt.Println("ready")
	if len(os.Args) > 1 && os.Args[1] == "forever" {
		select {}
	}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		before := atomic.LoadInt64(&ticks)
		for atomic.LoadInt64(&ticks) == before {
			time.Sleep(time.Millisecond)
		}
		fmt.Println("alive")
	}
	fmt.Println("end of input")
}
