// Expressions of all kinds have something here to be about.
package main

import (
	"errors"
	"unsafe"

	deep "e2e/expressions/deep/shapes"
	"e2e/expressions/shapes"
)

type color uint8

const (
	red color = iota
	green
	blue
)

type mode uint8

const (
	read mode = 1 << iota
	write
	execute
)

const (
	answer        = 42
	limit   int64 = 1 << 40
	version       = "untyped strings are not in the debug information"
)

type (
	count  int
	base   struct{ ID, Level int }
	middle struct {
		base
		Name string
	}
	outer struct {
		*middle
		shapes.Box
		Level string
	}
	inner struct{ b int }
	whole struct{ a inner }
	area  interface{ Area() int }
	point struct {
		X, Y float64
		_    int
	}
	nested struct{ N any }
)

// Speak is promoted.
func (b *base) Speak() string { return "base" }

// Error makes a count an error.
func (c count) Error() string { return "count" }

var (
	total   = 100
	colors  = []color{red, green, blue}
	handler func(int) int
	shadow  = "of the package"
)

func twice(n int) int { return 2 * n }

func generic[T any](v T) T {
	return v // stop: generic
}

func callee(depth int) {
	local := "callee"
	keep(local) // stop: callee
}

//go:noinline
func keep(...any) {}

func main() {
	i, x, u8, n64, negative := 7, 41, uint8(200), int64(5), -1
	f, f32, c := 2.5, float32(0.1), complex(1, -2)
	text, empty, long := "héllo", "", string(make([]byte, 2<<20))
	same, other := long[:1<<20]+"x", long[:1<<20]+"y"
	yes := true
	s := whole{inner{8}}
	o := outer{&middle{base{1, 2}, "mid"}, shapes.Box{W: 3, H: 4}, "own"}
	broken := outer{Level: "no middle"}
	node := &deep.Node{Val: 1, Next: &deep.Node{Val: 2}}
	pair := deep.Pair[string, int]{Key: "a", Val: 1}
	swapped := deep.Swapped(pair)
	ints, array, none := []int{1, 2, 3, 4, 5}, [3]int{7, 8, 9}, []int(nil)
	parray, pp := &array, &node
	ages, absent := map[string]int{"ann": 31}, map[string]int(nil)
	points := map[point]string{{X: 1, Y: 2}: "here"}
	var nothing *int
	var any1, any2, any3 any = 5, "five", nil
	var err, noErr error = errors.New("boom"), nil
	var shape area = o.Box
	var typed error = count(3)
	pi, raw, word := &i, unsafe.Pointer(&i), uintptr(unsafe.Pointer(&i))
	queue := make(chan string, 4)
	queue <- "first"
	captured := 10
	closure := func(n int) int { return n + captured }
	method := o.Box.Area
	best, odd, rw := blue, color(9), read|write
	p, q, letters, runes := point{1, 2, 3}, point{1, 2, 4}, []byte("bytes"), []rune("rünes")
	far := [2]nested{{1}, {[]int{1}}}
	huge := [1 << 17]byte{}
	handler = twice
	if shadow := "of the block"; yes {
		keep(shadow, i, x, u8, n64, negative, f, f32, c, text, empty, long, same, other, s, o, broken) // stop: main
	}
	keep(node, pair, swapped, ints, array, none, parray, pp, ages, absent, points, nothing, any1, any2, any3, err, noErr)
	keep(shape, typed, pi, raw, word, queue, closure, method, best, odd, rw, p, q, letters, runes, far, huge, total, colors)
	keep(shadow, shapes.Unit, shapes.Sides, deep.Unit, deep.Only, answer, limit, version, execute)
	o.Box.Grow(1)
	o.Speak()
	generic(pair)
	generic("text")
	callee(1)
	keep(closure(1), method())
}
