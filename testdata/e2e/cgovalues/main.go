// Command cgovalues has values of C in frames of Go and of C.
package main

/*
#include "things.h"

static int size_of_array(int *p, int n) { return p[n]; }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

type holder struct {
	point C.point
	color C.enum_color
	text  *C.char
}

func main() {
	e := C.everything()
	p := C.point{x: 3, y: 4}
	text := C.CString("from Go")
	numbers := e.numbers
	var u C.union_word
	*(*uint32)(unsafe.Pointer(&u)) = 0x3f800000
	var f C.struct_flags
	var color C.enum_color = C.BLUE
	level := C.level(C.HIGH)
	var number C.number = 12
	op := e.op
	strings := &C.greetings[0]
	h := holder{p, color, text}
	any := interface{}(p)
	var size C.size_t = 99
	var yes C.bool = true
	fmt.Println(e, p, text, numbers, u, f, color, level, number, op, strings, h, any, size, yes) // stop: Go frame
	fmt.Println(C.work(e, p, text, 5), C.optimized(6, 7, text))
}
