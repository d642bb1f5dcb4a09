// Command printing has one variable for each row of the table of value formats.
package main

import (
	"errors"
	"fmt"
	"math"
	"unsafe"

	"e2e/printing/inner/deeper"
)

type color int

const (
	red color = iota
	green
	blue
)

type rect struct {
	W, H float64
	Name string
}

type node struct {
	Val  int
	Next *node
	Tags []string
}

type wide struct {
	A, B, C, D, E int
}

type short struct {
	Name string
	Next *short
}

type embedded struct {
	rect
	*wide
	Color color
}

type list []list

type loop map[string]loop

type piped struct {
	Tags []string
	Pipe chan rect
}

type pipe chan pipe

type box struct {
	Any interface{}
}

type pair[K comparable, V any] struct {
	Key   K
	Value V
}

func keep(values ...interface{}) {
	if len(values) == 0 {
		fmt.Println("nothing")
	}
}

func main() {
	// Scalars.
	yes := true
	number := 42
	negative := int8(-128)
	large := uint64(math.MaxUint64)
	octet := byte('a')
	letter := 'ß'
	address := uintptr(0xdeadbeef)
	half := 1.5
	single := float32(0.1)
	huge := 1e300
	infinite, lowest, odd := math.Inf(1), math.Inf(-1), math.NaN()
	whole := 100000000.0
	favourite := blue
	unnamed := color(7)
	pointy := complex(1, -2)
	small := complex64(complex(0.5, 1e10))

	// Strings.
	empty := ""
	text := "hello, \"world\"\t\n"
	international := "Grüße, 世界\u200b\U0001f600"
	bytes := []byte("bytes")
	limit := "0123456789012345678901234567890123456789012345678901234567890123"
	long := limit + "45678"

	// Slices and arrays.
	none := []int(nil)
	nothing := []int{}
	ints := []int{1, 2, 3}
	hundred := make([]int, 100, 128)
	words := []string{"a", "b"}
	sentences := []string{"a", "a long string"}
	rects := []rect{{1, 2, "plain"}, {3, 4, "a longer name"}}
	flat := []wide{{1, 2, 3, 4, 5}}
	pointers := []*int{&number, nil}
	nodes := []*node{{Val: 1}, nil}
	texts := []*string{&text, nil}
	matrix := [][]int{{1, 2}, {3}, nil}
	mixed := []interface{}{1, "two", 3.5, nil, rect{1, 2, "x"}, &number, []int{1}, errors.New("failed")}
	array := [5]int{1, 2, 3, 4, 5}
	noArray := [0]int{}
	grid := [2][2]int{{1, 2}, {3, 4}}
	colors := []color{red, blue, 9}
	functions := []func(...interface{}){keep, nil}
	channels := []chan int{make(chan int, 3), nil}
	maps := []map[string]int{{"a": 1}, nil}
	slicePointer, arrayPointer := &ints, &array

	// Structs.
	plain := rect{4, 5, "plain"}
	tall := rect{4, 5, "a long string"}
	five := wide{1, 2, 3, 4, 5}
	nobody := struct{}{}
	anonymous := struct {
		X, Y int
		S    struct{ Z []int }
	}{1, 2, struct{ Z []int }{[]int{3}}}
	inside := embedded{plain, &five, green}
	nowhere := embedded{}

	// Pointers.
	noNode := (*node)(nil)
	first := &node{1, &node{2, nil, nil}, []string{"a", "a long string value"}}
	chain := &short{"a", &short{"b", &short{"c", nil}}}
	numberPointer := &number
	pointerPointer := &numberPointer
	far := &deeper.Thing{Name: "far", Parts: []deeper.Part{{1}}}
	farther := []*deeper.Thing{far}
	raw := unsafe.Pointer(far)
	noRaw := unsafe.Pointer(nil)

	// Interfaces.
	var noError error
	failure := errors.New("boom")
	var any interface{} = 5
	var anyText interface{} = "a string that is long"
	var anyRect interface{} = plain
	var anyPointer interface{} = first
	var anyNil interface{} = (*node)(nil)
	var anySlice interface{} = []int{1, 2}
	var anyMap interface{} = map[string]int{"a": 1}
	var anyFunc interface{} = keep
	var anyThing interface{} = far
	boxed := box{box{box{1}}}
	interfacePointer := &any

	// Maps.
	var noMap map[string]int
	emptyMap := map[string]int{}
	ages := map[string]int{"ada": 36}
	keyed := map[rect]string{plain: "a"}
	listed := map[int][]rect{1: {plain}}
	nested := map[string]map[string]int{"out": {"in": 1}}
	pointed := map[string]*node{"first": first}
	unknowns := map[interface{}]interface{}{"k": rect{1, 2, "x"}}

	// Channels and functions.
	var noChannel chan int
	channel := make(chan int, 4)
	channel <- 7
	channel <- 8
	unbuffered := make(chan rect)
	inStruct := piped{[]string{"a"}, make(chan rect, 3)}
	inStruct.Pipe <- plain
	inSlice := []piped{inStruct}
	var noFunc func()
	function := keep
	closure := func(x int) int { return x + number + len(ints) }

	// Instances.
	simple := pair[string, int]{"k", 1}
	generic := pair[string, pair[int, *deeper.Thing]]{"k", pair[int, *deeper.Thing]{1, far}}
	fmt.Println("all") // stop: all
	keep(yes, number, negative, large, octet, letter, address, half, single, huge, infinite, lowest, odd, whole, favourite)
	keep(unnamed, pointy, small, empty, text, international, bytes, limit, long, none, nothing, ints, hundred, words)
	keep(sentences, rects, flat, pointers, nodes, texts, matrix, mixed, array, noArray, grid, colors, functions, channels)
	keep(maps, plain, tall, five, nobody, anonymous, inside, nowhere, noNode, first, chain, numberPointer, pointerPointer)
	keep(far, farther, raw, noRaw, noError, failure, any, anyText, anyRect, anyPointer, anyNil, anySlice, anyMap, anyFunc)
	keep(anyThing, boxed, interfacePointer, noMap, emptyMap, ages, keyed, listed, nested, pointed, unknowns, noChannel)
	keep(channel, unbuffered, inStruct, inSlice, noFunc, function, closure, simple, generic, slicePointer, arrayPointer)
	cycles()
}

// cycles has values that hold themselves.
func cycles() {
	ring := &node{Val: 1}
	ring.Next = &node{Val: 2, Next: ring}
	var self interface{}
	self = &self
	loops := loop{}
	loops["x"] = loops
	lists := list{nil}
	lists[0] = lists
	pipe := make(pipe, 2)
	pipe <- pipe
	anyPipe := make(chan interface{}, 1)
	anyPipe <- anyPipe
	fmt.Println("cycles") // stop: cycles
	keep(ring, self, loops, lists, pipe, anyPipe)
}
