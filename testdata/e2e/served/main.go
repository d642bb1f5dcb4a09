// A program that is stopped with something of every kind that replies are made of: a labelled goroutine, a waiting one,
// deferred calls, values that have children.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"time"
)

type node struct {
	Name string
	Next *node
}

func (n *node) length() int {
	if n == nil {
		return 0
	}
	return 1 + n.Next.length()
}

var global = map[string]int{"one": 1}

func tidy(what string) {
	fmt.Fprintln(os.Stderr, what)
}

func work(list *node, numbers []int) (total int) {
	defer tidy("<done> & \"gone\"")
	raw := string([]byte{0xff, 'x'})
	for i := range numbers {
		total += numbers[i] // stop: inner
	}
	total += len(raw) + list.length() // stop: here
	return total                      // stop: return
}

func traced(n int) int {
	return n + 1 // stop: traced
}

func main() {
	ready := make(chan bool)
	labels := pprof.Labels("kind", "waiting")
	go pprof.Do(context.Background(), labels, func(context.Context) {
		ready <- true
		<-ready
	})
	<-ready
	list := &node{"first", &node{"second", nil}}
	fmt.Fprintln(os.Stderr, work(list, []int{1, 2, 3})+global["one"])
	for n := 0; len(os.Args) > 1; n = traced(n) {
		time.Sleep(time.Millisecond)
	}
}
