package main

import (
	"fmt"
	"sync/atomic"
)

func init() {
	newer = append(newer, typedAtomics)
}

func atomics() {
	var number atomic.Value // = 7
	number.Store(7)
	var text atomic.Value // = "seven"
	text.Store("seven")
	var empty atomic.Value     // = nil
	var structure atomic.Value // = main.names {...}
	structure.Store(names{"a", 1})
	fmt.Println("atomics") // stop: atomics
	keep(&number, &text, &empty, &structure)
}

func typedAtomics() {
	var i32 atomic.Int32 // = -5
	i32.Store(-5)
	var i64 atomic.Int64 // = -6
	i64.Store(-6)
	var u32 atomic.Uint32 // = 4294967295
	u32.Store(1<<32 - 1)
	var u64 atomic.Uint64 // = 18446744073709551615
	u64.Store(1<<64 - 1)
	var word atomic.Uintptr // = 9
	word.Store(9)
	var yes atomic.Bool // = true
	yes.Store(true)
	var no atomic.Bool                // = false
	var pointer atomic.Pointer[names] // = (*main.names)(0x
	pointer.Store(&names{"a", 1})
	var nothing atomic.Pointer[names] // = nil
	fmt.Println("typed atomics")      // stop: typed atomics
	keep(&i32, &i64, &u32, &u64, &word, &yes, &no, &pointer, &nothing)
}
