// Command busy does at once all that disturbs a debugger: goroutines that come and go, locks, channels, timers, garbage,
// stacks that grow, panics, threads that die with their goroutines, signals and child processes. It does so in rounds
// whose results are known, until SIGTERM; then it says how many rounds there were, and how many came out wrong.
//
// Arguments: how many goroutines stand by in all of that, and how many threads.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type node struct {
	value int
	next  *node
}

type shape interface{ area() int }

type square struct{ side int }

type strip struct{ width, height int }

func (s square) area() int { return s.side * s.side }

func (s *strip) area() int { return s.width * s.height }

var (
	guard   sync.Mutex
	guarded int
	counter int64
	names   = map[string]int{"one": 1, "two": 2, "three": 3}
	round   int
	wrong   int
	never   = make(chan int)
)

//go:noinline
func add(a, b int) int {
	sum := a + b // stop: add
	return sum
}

func pipeline() int {
	first := make(chan int)
	from := first
	for stage := 0; stage < 4; stage++ {
		to := make(chan int, stage)
		go func(stage int, from, to chan int) {
			for n := range from {
				to <- add(n, stage) // stop: stage
			}
			close(to)
		}(stage, from, to)
		from = to
	}
	go func() {
		for n := 0; n < 30; n++ {
			first <- n // stop: send
		}
		close(first)
	}()
	sum := 0
	for n := range from {
		sum += n // stop: receive
	}
	return sum
}

//go:noinline
func increment(by int) {
	guard.Lock()
	before := guarded
	guarded = before + by // stop: guarded
	guard.Unlock()
	atomic.AddInt64(&counter, int64(by)) // stop: counter
}

func locks() int {
	guarded = 0
	var group sync.WaitGroup
	for worker := 0; worker < 6; worker++ {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for i := 0; i < 20; i++ {
				increment(worker) // stop: worker
			}
		}(worker)
	}
	group.Wait()
	return guarded
}

func timers() int {
	sum := 0
	fired := make(chan int)
	for i := 1; i <= 3; i++ {
		i := i
		time.AfterFunc(time.Duration(i)*100*time.Microsecond, func() { fired <- i })
	}
	for i := 0; i < 3; i++ {
		select {
		case n := <-fired:
			sum += n // stop: fired
		case <-never:
			sum = -1
		}
	}
	return sum
}

//go:noinline
func onOwnThread(n int) int {
	return n + 1 // stop: own thread
}

// The goroutines end locked to their threads, which end with them.
func threads() int {
	results := make(chan int)
	for n := 0; n < 3; n++ {
		go func(n int) {
			runtime.LockOSThread()
			results <- onOwnThread(n)
		}(n)
	}
	sum := 0
	for n := 0; n < 3; n++ {
		sum += <-results
	}
	return sum
}

//go:noinline
func deep(n int) int {
	var room [64]int
	room[n%64] = n
	if n == 0 {
		return 0 // stop: bottom
	}
	return deep(n-1) + room[n%64]
}

func garbage() int {
	var list *node
	for n := 0; n < 300; n++ {
		list = &node{n, list}
	}
	if round%8 == 0 {
		runtime.GC()
	}
	sum := 0
	for ; list != nil; list = list.next {
		sum += list.value // stop: list
	}
	return sum
}

func panics() (result int) {
	defer func() {
		result = recover().(int) + 1 // stop: recovered
	}()
	defer func() {
		counter := 0
		counter++
	}()
	panic(41)
}

func shapes() int {
	sum := 0
	for _, s := range []shape{square{3}, &strip{2, 5}, square{1}} {
		sum += s.area() // stop: area
	}
	twice := func(n int) int { return 2 * n }
	return twice(sum)
}

// Every signal sent is waited for: none is lost, and none is invented.
func signals(came chan os.Signal) int {
	sum := 0
	for i := 0; i < 3; i++ {
		if syscall.Kill(os.Getpid(), syscall.SIGUSR1) != nil {
			return -1
		}
		<-came
		sum++ // stop: signal
	}
	return sum + len(came)
}

func child() int {
	if round%32 != 0 {
		return 7
	}
	output, err := exec.Command("/proc/self/exe", "child").Output()
	if err != nil {
		return -1
	}
	return len(output)
}

func check(what string, result, expected int) {
	if result != expected {
		wrong++
		fmt.Println("wrong:", what, result, "instead of", expected, "in round", round)
	}
}

func standBy(goroutines, threads int) {
	var ready sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		ready.Add(1)
		go func() {
			ready.Done()
			<-never
		}()
	}
	for i := 0; i < threads; i++ {
		ready.Add(1)
		go func() {
			runtime.LockOSThread()
			ready.Done()
			<-never
		}()
	}
	ready.Wait()
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "child" {
		fmt.Print("a child")
		return
	}
	if len(os.Args) == 3 {
		goroutines, _ := strconv.Atoi(os.Args[1])
		threads, _ := strconv.Atoi(os.Args[2])
		standBy(goroutines, threads)
	}
	runtime.GOMAXPROCS(4)
	end, ask, came := make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan os.Signal, 8)
	signal.Notify(end, syscall.SIGTERM)
	signal.Notify(ask, syscall.SIGUSR2)
	signal.Notify(came, syscall.SIGUSR1)
	fmt.Println("ready")
	for done := false; !done; round++ {
		check("pipeline", pipeline(), 30*29/2+30*6)
		check("locks", locks(), 20*15)
		check("timers", timers(), 6)
		check("threads", threads(), 6)
		check("deep", deep(300), 300*301/2)
		check("garbage", garbage(), 300*299/2)
		check("panics", panics(), 42)
		check("shapes", shapes(), 40)
		check("signals", signals(came), 3)
		check("child", child(), 7) // stop: round
		select {
		case <-ask:
			fmt.Println("alive")
		case <-end:
			done = true
		default:
		}
	}
	fmt.Println("rounds were wrong:", wrong)
}
