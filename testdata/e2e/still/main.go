// Package variables with every kind of initial value, for looking at a program that does not run. What the compiler
// says of the layouts of types is among them.
package main

import (
	"sync/atomic"
	"unsafe"
)

type inner struct {
	a byte
	b int32
}

type embedded struct{ word uint64 }

type Mixed struct {
	flag  bool
	count int64
	small uint16
	name  string
	in    inner
	embedded
	wave  complex128
	dyn   interface{ Get() int }
	times atomic.Int64
	list  []inner
	pair  [2]inner
	tail  struct{}
}

type getter struct{ n int }

func (g *getter) Get() int { return g.n }

const limit = 42

const (
	red color = iota
	green
)

type color int

var (
	counter  = 17
	greeting = "hello, world"
	primes   = []int{2, 3, 5, 7}
	table    = map[string]int{"a": 1}
	zeroes   [4]int
	held     interface{ Get() int } = &getter{7}
	anything interface{}
	mixed    = Mixed{flag: true, count: -5, name: "mixed", in: inner{1, 2}}
	pointer  = &counter
	function = add
	ratio    = 2.5
	paint    = green
)

var sizes = []uintptr{unsafe.Sizeof(mixed), unsafe.Alignof(mixed)}

var offsets = []uintptr{
	unsafe.Offsetof(mixed.flag), unsafe.Offsetof(mixed.count), unsafe.Offsetof(mixed.small),
	unsafe.Offsetof(mixed.name), unsafe.Offsetof(mixed.in), unsafe.Offsetof(mixed.embedded),
	unsafe.Offsetof(mixed.wave), unsafe.Offsetof(mixed.dyn), unsafe.Offsetof(mixed.times),
	unsafe.Offsetof(mixed.list), unsafe.Offsetof(mixed.pair), unsafe.Offsetof(mixed.tail),
}

var aligns = []uintptr{
	unsafe.Alignof(mixed.flag), unsafe.Alignof(mixed.count), unsafe.Alignof(mixed.small),
	unsafe.Alignof(mixed.name), unsafe.Alignof(mixed.in), unsafe.Alignof(mixed.embedded),
	unsafe.Alignof(mixed.wave), unsafe.Alignof(mixed.dyn), unsafe.Alignof(mixed.times),
	unsafe.Alignof(mixed.list), unsafe.Alignof(mixed.pair), unsafe.Alignof(mixed.tail),
}

//go:noinline
func add(a, b int) int {
	sum := a + b // stop: sum
	return sum
}

func main() {
	println(add(counter, len(primes)), greeting, len(table), zeroes[0], held.Get(), anything == nil)
	println(mixed.name, *pointer, function(1, 2), ratio, limit, paint, red)
	println(len(sizes), len(offsets), len(aligns)) // stop: sizes
}
