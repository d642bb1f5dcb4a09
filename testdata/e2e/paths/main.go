// A program of ways that a step goes besides from line to line. The comments say when a step stops at their line, as
// in steps.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
)

var sink int

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f degrees", float64(c)) }

type base struct{ n int }

func (b *base) grow(by int) int { // wrappers.step: 4 10 16 22
	b.n += by  // wrappers.step: 5 11 17 23
	return b.n // wrappers.step: 6 12 18 24
}

type outer struct{ *base }

type grower interface{ grow(by int) int }

func channels() { // next: 1
	requests, replies := make(chan int), make(chan int) // next: 2
	go func() {                                         // next: 3
		for n := range requests {
			replies <- n * 2
		}
		close(replies)
	}()
	for i := 0; i < 3; i++ { // next: 4 7 10 13
		requests <- i     // next: 5 8 11
		sink += <-replies // next: 6 9 12
	}
	close(requests)    // next: 14
	_, ok := <-replies // next: 15
	sink++             // next: 16
	_ = ok
} // next: 17

func selects() {
	a, b := make(chan int), make(chan string, 1)
	done := make(chan bool)
	go func() {
		a <- 1
		b <- "two"
		close(done)
	}()
	for n := 0; n < 3; n++ {
		select {
		case v := <-a:
			sink += v // stop: received
		case s := <-b:
			sink += len(s) // stop: text
		case <-done:
			sink++ // stop: done
			done = nil
		}
	}
}

func exits() { // next: 1
	var wait sync.WaitGroup // next: 2
	wait.Add(1)             // next: 3
	go exiting(&wait)       // next: 4
	wait.Wait()             // next: 5
	sink++                  // next: 6
} // next: 7

func exiting(wait *sync.WaitGroup) {
	defer wait.Done()
	defer note("outer")
	exitingDeeper()
	sink++
}

func exitingDeeper() { // next: 1
	defer func() { // next: 2
		sink-- // next: 4
	}() // next: 5
	runtime.Goexit() // next: 3
}

func note(text string) { // exitingDeeper.next: 6
	sink += len(text) // exitingDeeper.next: 7
} // exitingDeeper.next: 8

func wrappers() { // next: 1, step: 1
	var g grower = outer{&base{1}} // next: 2, step: 2
	sink = g.grow(2)               // next: 3, step: 3 7
	f := g.grow                    // next: 4, step: 8
	sink = f(3)                    // next: 5, step: 9 13
	h := outer.grow                // next: 6, step: 14
	sink = h(outer{&base{2}}, 4)   // next: 7, step: 15 19
	k := grower.grow               // next: 8, step: 20
	sink = k(g, 5)                 // next: 9, step: 21 25
} // next: 10, step: 26

func callbacks() { // next: 1
	words := []string{"b", "a"}             // next: 2
	sort.Slice(words, func(i, j int) bool { // next: 3
		return words[i] < words[j]
	})
	text := strings.Map(func(r rune) rune { // next: 4
		return r + 1
	}, "ab")
	sink = len(text) // next: 5
} // next: 6

func locks() { // next: 1
	var mutex sync.Mutex // next: 2
	mutex.Lock()         // next: 3
	go func() {          // next: 4
		sink++
		mutex.Unlock()
	}()
	mutex.Lock()       // next: 5
	sink++             // next: 6
	mutex.Unlock()     // next: 7
	var once sync.Once // next: 8
	once.Do(func() {   // next: 9
		sink++
	})
	sink++ // next: 10
} // next: 11

func prints() { // next: 1
	c := celsius(21.5)    // next: 2
	text := fmt.Sprint(c) // next: 3
	sink = len(text)      // next: 4
	runtime.GC()          // next: 5
	sink++                // next: 6
} // next: 7

func rethrows() (err error) { // next: 1
	defer func() { // next: 2 4, inner.next: 8
		if r := recover(); r != nil { // next: 5, inner.next: 9
			err = fmt.Errorf("%v", r) // next: 6, inner.next: 10
		}
	}() // next: 7, inner.next: 11
	inner() // next: 3
	return nil
}

func inner() { // next: 1
	defer func() { // next: 2 5
		r := recover()                 // next: 6
		panic(fmt.Sprint(r, " again")) // next: 7
	}()
	var m map[string]int // next: 3
	m["x"] = 1           // next: 4
}

func midline() { // next: 1, step: 1
	sink = one() + two(one(), two(1, 2)) // next: 2, step: 2 5 8 11 14
	sink++                               // next: 3, step: 15
} // next: 4, step: 16

func one() int { // midline.step: 3 6
	return 1 // midline.step: 4 7
}

func two(a, b int) int { // midline.step: 9 12
	return a + b // midline.step: 10 13
}

func main() {
	walks := map[string]func(){
		"channels": channels, "selects": selects, "exits": exits, "wrappers": wrappers, "callbacks": callbacks,
		"locks": locks, "prints": prints, "midline": midline,
		"rethrows": func() { rethrows(); sink = 1 },               // rethrows.next: 8
		"inner":    func() { rethrows() }, "exitingDeeper": exits, // inner.next: 12
	}
	walks[os.Args[1]]()
	fmt.Println("done") // stop: walked
}
