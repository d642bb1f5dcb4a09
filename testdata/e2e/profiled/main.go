// Command profiled does sums while a profiler interrupts it by SIGPROF, the runtime by SIGURG, and it itself by many
// more of these.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
)

var sent int64

func flood() {
	for {
		syscall.Kill(os.Getpid(), syscall.SIGURG)
		atomic.AddInt64(&sent, 1)
	}
}

//go:noinline
func square(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += n
	}
	return sum
}

func main() {
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	go flood()
	go flood()
	sum := 0
	for n := 0; n < 12; n++ { // stop: head
		x := square(n * 1000) // stop: square
		sum += x / 1000000    // stop: sum
	}
	pprof.StopCPUProfile() // stop: over
	fmt.Println("sum", sum)
}
