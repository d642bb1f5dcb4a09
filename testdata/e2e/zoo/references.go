package main

import (
	"errors"
	"unsafe"
)

type node struct {
	Value int
	Next  *node
	Any   interface{}
}

type tiny struct{}

func (tiny) Error() string { return "tiny" }

var errTiny error = tiny{}

type failing struct {
	Code int
	Text string
}

func (f *failing) Error() string { return f.Text }

type valued struct{ Code int }

func (v valued) Error() string { return "valued" }

type reader interface{ Error() string }

type loop *loop

type list []list

func pointers() {
	n := 42
	pn := &n
	ppn := &pn
	var noPointer *int
	var noNode *node
	first := &node{Value: 1}
	first.Next = &node{Value: 2, Next: &node{Value: 3}}
	ring := &node{Value: 9}
	ring.Next = ring
	ring.Any = ring
	text := "pointed at"
	pointerText := &text
	pointerArray := &[3]string{"x", "y", "z"}
	pointerSlice := &[]int{1, 2}
	pointerMap := &map[string]int{"k": 1}
	pointerStruct := &struct{ P **int }{ppn}
	raw := unsafe.Pointer(pn)
	wild := (*node)(unsafe.Pointer(uintptr(0x10)))
	keep(n, ppn, noPointer, noNode, first, ring, pointerText, pointerArray, pointerSlice, pointerMap, pointerStruct, raw) // stop: pointers
	if wild == nil {
		keep(wild)
	}
}

func cycles() {
	var self loop
	self = &self
	nest := make(list, 1)
	nest[0] = nest
	var box interface{}
	box = &box
	keep(self, nest, box) // stop: cycles
}

func interfaces() {
	var nothing interface{}
	var noError error
	number := interface{}(42)
	text := interface{}("in an interface")
	real := interface{}(1.5)
	structure := interface{}(pair{1, "p"})
	pointer := interface{}(&pair{2, "q"})
	nilPointer := interface{}((*pair)(nil))
	slice := interface{}([]int{1, 2})
	dict := interface{}(map[string]int{"k": 1})
	function := interface{}(keep)
	channel := interface{}(make(chan int, 1))
	simple := errors.New("simple")
	var code error = &failing{404, "not found"}
	var value error = valued{7}
	var empty error = errTiny
	var narrowed reader = code
	nested := interface{}([]interface{}{1, code})
	holder := struct {
		E error
		I interface{}
	}{value, 8}
	nilInside := error((*failing)(nil))
	pointerToInterface := &text
	boxed := interface{}(color(1))
	array := interface{}([1]*int{nil})
	single := interface{}(struct{ P *int }{nil})
	keep(nothing, noError, number, text, real, structure, pointer, nilPointer, slice, dict, function, channel, simple, code, value, empty, narrowed, nested, holder, nilInside, pointerToInterface, boxed, array, single) // stop: interfaces
}
