// Command damaged has values that no Go program has: their memory was overwritten.
package main

import (
	"fmt"
	"unsafe"
)

type header struct {
	data     uintptr
	len, cap int
}

type node struct {
	Value int
	Next  *node
}

func main() {
	long := []int{1, 2, 3}
	(*header)(unsafe.Pointer(&long)).len = 1 << 60
	negative := []int{1}
	(*header)(unsafe.Pointer(&negative)).len = -5
	huge := []int{7}
	*(*header)(unsafe.Pointer(&huge)) = header{0x1000, 1 << 60, 1 << 60}
	longText := "text"
	(*header)(unsafe.Pointer(&longText)).len = 1 << 50
	nowhere := "text"
	(*header)(unsafe.Pointer(&nowhere)).data = 0x10
	texts := []string{"before", "lost", "after"}
	(*header)(unsafe.Pointer(&texts[1])).data = 0x10
	var untyped interface{} = 1
	(*[2]uintptr)(unsafe.Pointer(&untyped))[0] = 0x1234
	var failure error
	(*[2]uintptr)(unsafe.Pointer(&failure))[0] = 0xdead0000
	dict := map[int]int{1: 1}
	*(*uintptr)(unsafe.Pointer(&dict)) = 0x77
	var function func()
	*(*uintptr)(unsafe.Pointer(&function)) = 0x99
	channel := make(chan int)
	*(*uintptr)(unsafe.Pointer(&channel)) = 0x55
	wild := (*node)(unsafe.Pointer(&long))
	*(*uintptr)(unsafe.Pointer(&wild)) = 0x10
	ring := &node{Value: 1}
	ring.Next = ring
	var list *node
	for i := 0; i < 10000; i++ {
		list = &node{i, list}
	}
	fmt.Println("damaged") // stop: damaged
	long, negative, huge, longText, nowhere, texts = nil, nil, nil, "", "", nil
	untyped, failure, dict, function, channel, wild = nil, nil, nil, nil, nil, nil
	fmt.Println(long, negative, huge, longText, nowhere, texts, untyped, failure, dict, function == nil, channel, wild, ring.Value, list.Value)
}
