// Command handled sends signals to its own thread and counts those that arrive.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

const realtime = syscall.Signal(40)

// raise returns when the signal has been delivered to this thread, or was withheld from it.
func raise(number syscall.Signal) {
	_, _, err := syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(syscall.Gettid()), uintptr(number))
	if err != 0 {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	runtime.LockOSThread()
	arrivals := make(chan os.Signal, 100)
	signal.Notify(arrivals, syscall.SIGUSR1, syscall.SIGUSR2, realtime)
	counts := map[os.Signal]int{}
	for n := 0; n < 3; n++ {
		raise(realtime)
		raise(syscall.SIGUSR1) // stop: raise
		raise(syscall.SIGUSR2)
		// The last to be waited for arrives in any case, and what was sent before it has arrived then: the runtime
		// hands signals on in the order of their numbers.
		for waits := true; waits; {
			number := <-arrivals
			counts[number]++
			waits = number != syscall.SIGUSR2
		}
		for counts[realtime] < n+1 {
			counts[<-arrivals]++
		}
	}
	fmt.Println("usr1", counts[syscall.SIGUSR1], "usr2", counts[syscall.SIGUSR2], "realtime", counts[realtime])
}
