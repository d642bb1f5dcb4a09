// Command scopes stops where names mean different things.
package main

import (
	"e2e/scopes/one/names"
	others "e2e/scopes/two/names"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

var sink interface{}

//go:noinline
func use(values ...interface{}) {}

func shadows(x int) {
	y := "outer"
	{
		x := 2.5
		y := y + "!"
		use(x, y)
		if x := x > 1; x {
			use(x, y) // stop: shadowed
		}
	}
	use(x, y) // stop: outer
}

func later() {
	a := 1
	use(a)
	b := 2 // stop: b is next
	use(b)
	for i := 0; i < 2; i++ {
		use(i) // stop: loop begins
		inner := i * 10
		use(inner) // stop: loop goes on
	}
	c := 3 // stop: after the loop
	use(a, b, c)
	var (
		d = 4
		e = 5
	)
	use(d, e) // stop: grouped
}

func chains(n int) {
	if x := n * 2; n == 1 {
		use(x) // stop: first branch
	} else if y := x + 1; n == 2 {
		use(x, y) // stop: second branch
	} else {
		z := x + y
		use(z) // stop: last branch
	}
}

func typed(v interface{}) {
	switch x := v.(type) {
	case int:
		use(x) // stop: clause int
	case string, error:
		use(x) // stop: clause two types
	case nil:
		use(x) // stop: clause nil
	default:
		use(x) // stop: clause default
	}
}

func selects(a chan int, b chan string) {
	select {
	case x := <-a:
		use(x) // stop: clause a
	case x, ok := <-b:
		use(x, ok) // stop: clause b
	}
}

func named(a int) (sum int, err error) {
	sum = a + 1
	err = errors.New("named")
	use(sum) // stop: named results
	return
}

func unnamed(a int) (int, error) {
	b := a * 2
	use(b) // stop: unnamed results
	return b, nil
}

func blanks(_ int, a string, _ float64) (_ int, ok bool) {
	_, c := a, 'c'
	use(c) // stop: blanks
	return 1, true
}

func returns(a int) (b int) {
	b = a + 41
	return b // stop: return
}

type base struct{ id int }

func (b *base) promoted() int {
	return b.id // stop: promoted method
}

func (b base) byValue(n int) int {
	return b.id + n // stop: value method
}

type outer struct {
	*base
	name string
}

type list[T any] struct{ items []T }

func (l *list[T]) add(item T) {
	l.items = append(l.items, item) // stop: generic method
}

func generic[K comparable, V any](m map[K]V, k K, vs ...V) (r V) {
	var zero V
	pairs := []struct {
		key   K
		value V
	}{{k, m[k]}}
	pointer := &pairs[0].value
	fn := func(v V) K { return k }
	var holder interface{} = k
	l := &list[V]{}
	l.add(zero)
	r = m[k]
	use(zero, pairs, pointer, fn, holder, l) // stop: generic
	return r
}

func closes() func(int) int {
	byValue, byReference := 5, 10
	text := "captured"
	return func(d int) int {
		byReference += d
		nested := func() int {
			byReference++
			use(text)                    // stop: nested closure
			return byValue + byReference // stop: nested closure goes on
		}
		return nested() // stop: closure
	}
}

func goroutine() {
	done := make(chan bool)
	number, text := 7, "in a goroutine"
	go func(extra string) {
		use(number, text, extra) // stop: goroutine
		done <- true
	}("extra")
	<-done // stop: waits
	number = 8
}

func escapes() *int {
	x, y := 1, 2
	sink = &y
	use(x, y) // stop: escaped
	return &x
}

type recovered struct{ reason string }

func panics(a int) (err error) {
	local := "kept"
	defer func() {
		reason := recover()
		err = fmt.Errorf("recovered: %v", reason) // stop: deferred while panicking
	}()
	use(local)
	var pointer *recovered
	if a > 0 {
		use(pointer.reason) // stop: faults
	}
	return nil
}

func deferring(a int) {
	b := a + 1
	defer deferred(a, "first")
	defer func(n int) {
		use(n, b)
	}(b)
	use(b) // stop: deferring
}

func deferred(number int, text string) {
	use(number, text) // stop: deferred call
}

func packages() {
	use(names.Count, others.Count, names.Only, others.Other) // stop: packages
}

func deep(n int, path string) {
	if n == 0 {
		use(path) // stop: bottom
		return
	}
	own := n * 100
	deep(n-1, path+"/") // stop: deeper
	use(own)
}

func signals() {
	notified := make(chan os.Signal, 1)
	signal.Notify(notified, syscall.SIGUSR1)
	syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
	<-notified
}

func main() {
	shadows(1)
	later()
	for n := 1; n <= 3; n++ {
		chains(n)
	}
	for _, v := range []interface{}{1, "text", errors.New("error"), nil, 2.5} {
		typed(v)
	}
	numbers, texts := make(chan int, 1), make(chan string, 1)
	numbers <- 4
	selects(numbers, texts)
	texts <- "from b"
	selects(numbers, texts)
	named(1)
	unnamed(2)
	blanks(1, "a", 2)
	returns(1)
	o := outer{&base{3}, "o"}
	o.promoted()
	o.byValue(4)
	generic(map[string][]int{"k": {1, 2}}, "k", []int{3})
	generic(map[int]error{1: errors.New("one")}, 1)
	f := closes()
	f(3)
	goroutine()
	escapes()
	panics(1)
	deferring(1)
	packages()
	deep(2, "root")
	signals()
	runtime.KeepAlive(sink)
}
