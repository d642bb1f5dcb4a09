// Command watched writes variables of all kinds, for watchpoints. Its argument says which: "threads", "places", "stack",
// "panic", "goexit", "shrink", "wide", "beat".
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

const (
	workers = 8
	writes  = 25
)

type pair struct {
	first, second int64
}

// The middle is aligned to nothing.
type split struct {
	head   [5]byte
	middle [3]byte
	tail   [8]byte
}

type broad struct {
	words [8]int64
}

var (
	counter  int64
	idle     int64
	byte1    int8
	byte2    int16
	byte4    int32
	byte8    int64
	record   pair
	list     = make([]int64, 3)
	text     = "before"
	anything interface{}
	large    broad
	five     [5]int64
	odd      split
	sum      int64
)

//go:noinline
func ready() {
	fmt.Println("ready") // stop: ready
}

//go:noinline
func done() {
	fmt.Println("done", sum+counter) // stop: done
}

// Every worker has a thread of its own, which is made after the watchpoint was set.
func threads() {
	runtime.GOMAXPROCS(4)
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			runtime.LockOSThread()
			for i := 0; i < writes; i++ {
				atomic.AddInt64(&counter, 1) // stop: add
				if i%5 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	group.Wait()
}

//go:noinline
func read(p *int64) int64 {
	return *p // stop: read
}

//go:noinline
func bump() {
	byte8++   // stop: bump
	idle += 2 // stop: after bump
}

func places() {
	byte1 = 1
	byte2 = 2
	byte4 = 4
	byte8 = 8
	sum += read(&byte8)
	record.second = 5 // stop: field
	list[1] = 6
	list[2] = 7 // stop: after element
	text = "after and longer"
	anything = 7
	anything = "seven"
	for i := range five {
		five[i] = int64(i) // stop: fifth
	}
	odd.head[4] = 1
	for i := range odd.middle {
		odd.middle[i] = 1
	}
	odd.tail[0] = 1
	bump()
	sum += byte8
}

// deep needs more stack than there is, again and again.
//
//go:noinline
func deep(n int) int64 {
	var block [32]int64
	block[n%32] = int64(n)
	if n == 0 {
		return 0
	}
	return deep(n-1) + block[n%32]
}

//go:noinline
func onStack(argument int64) int64 {
	local := argument // stop: declared
	local++           // stop: first
	local += deep(300)
	argument = local // stop: second
	local += deep(3000)
	return local + argument // stop: third
}

func stack() {
	finished := make(chan bool)
	go func() {
		sum = onStack(1) // stop: returned
		finished <- true // stop: after return
	}()
	<-finished
}

//go:noinline
func inner(n int64) {
	local := n // stop: inner
	local++
	deferred(&sum)
	if n > 0 {
		panic("through here")
	}
	sum += local
}

//go:noinline
func deferred(p *int64) {
	*p++
}

//go:noinline
func recovers() {
	defer func() {
		recover()
		sum += 10 // stop: recovered
	}()
	inner(1)
}

//go:noinline
func exits(finished chan bool) {
	local := int64(3) // stop: exits
	local++
	defer func() {
		finished <- true
	}()
	sum += local
	runtime.Goexit()
}

// The collector halves the stack of a goroutine that waits.
func shrinks(wait, finished chan bool) {
	local := deep(3000) // stop: grown
	local++
	wait <- true
	<-wait
	local++ // stop: shrunk
	sum += local
	finished <- true // stop: after shrunk
}

func shrink() {
	wait, finished := make(chan bool), make(chan bool)
	go shrinks(wait, finished)
	<-wait
	for i := 0; i < 4; i++ {
		runtime.GC()
	}
	wait <- true
	<-finished
}

func wide() {
	sum++
	large.words[6] = 1 // stop: wide
	sum++              // stop: after wide
	large.words[0] = large.words[6]
	sum++ // stop: after both
}

// Counts on several threads, slowly enough that whoever is told of a count can answer; ends with its input.
func beat() {
	go func() {
		for {
			atomic.AddInt64(&counter, 1)
			time.Sleep(200 * time.Microsecond)
		}
	}()
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		idle++
		fmt.Println("alive")
	}
	fmt.Println("end of input")
}

func main() {
	debug.SetGCPercent(100)
	ready()
	switch os.Args[1] {
	case "threads":
		threads()
	case "places":
		places()
	case "stack":
		stack()
	case "panic":
		recovers()
	case "goexit":
		finished := make(chan bool)
		go exits(finished)
		<-finished
		for runtime.NumGoroutine() > 1 {
			runtime.Gosched()
		}
	case "shrink":
		shrink()
	case "wide":
		wide()
	case "beat":
		beat()
	}
	done()
}
