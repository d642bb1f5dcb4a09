// Calls of every kind, for tracing.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"sync"
)

type pair struct {
	X int
	S string
}

//go:noinline
func leaf(i int, s string, p *pair) (n int, err error) {
	return i + len(s), nil
}

//go:noinline
func mid(i int) int {
	n, _ := leaf(i, "str", nil)
	return n
}

//go:noinline
func factorial(n int) int {
	if n <= 1 {
		return 1
	}
	return n * factorial(n-1)
}

//go:noinline
func deferring(n int) (s string) {
	defer func() { s += "!" }()
	return fmt.Sprint(n)
}

//go:noinline
func fails(n int) int {
	if n > 0 {
		panic(errors.New("failed"))
	}
	return n
}

func saved() {
	defer func() { _ = recover() }()
	fails(1)
}

//go:noinline
func first[T any](list []T, n int) T {
	return list[n]
}

func tiny(n int) int { return 2 * n }

//go:noinline
func doubled(n int) int { return tiny(n + len(os.Args)) }

//go:noinline
func mixed(f float64, p pair, c complex64, b bool) (float64, pair, bool) {
	return f * 2, pair{p.X + 1, p.S + "?"}, !b
}

//go:noinline
func empty(n int) {}

//go:noinline
func work(worker, call int) int { return worker*1000 + call }

//go:noinline
func large(p pair, list []string, table map[string]int) {}

func storm() {
	var group sync.WaitGroup
	totals := make([]int, 8)
	for worker := range totals {
		group.Add(1)
		go func(worker int) {
			defer group.Done()
			for call := 0; call < 500; call++ {
				totals[worker] += work(worker, call)
			}
		}(worker)
	}
	group.Wait()
	total := 0
	for _, one := range totals {
		total += one
	}
	fmt.Println("total", total)
}

func main() {
	mode := ""
	if len(os.Args) > 1 {
		mode = os.Args[1]
	}
	switch mode {
	case "storm":
		storm()
	case "panic":
		fails(3)
	case "status":
		work(1, 2)
		os.Exit(3)
	case "serve":
		fmt.Println("ready")
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			fmt.Println(work(0, len(lines.Text())))
		}
		fmt.Println("end of input")
	case "order":
		for i := 0; i < 50; i++ {
			fmt.Fprintln(os.Stderr, "before", i)
			empty(i)
			fmt.Fprintln(os.Stderr, "after", i)
		}
	default:
		mid(4)
		factorial(3)
		deferring(5)
		saved()
		first([]string{"a", "b"}, 1)
		first([]int{7}, 0)
		doubled(6)
		mixed(1.5, pair{2, "two"}, 1+2i, true)
		large(pair{1, "one"}, []string{"x", "y"}, map[string]int{"k": 1})
		empty(9)
	}
}
