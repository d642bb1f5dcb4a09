// Command kinds has a variable of every kind of value.
package main

import (
	"errors"
	"fmt"
	"unsafe"
)

type season int

const (
	spring season = iota
	summer
)

type point struct{ X, Y int }

func (p point) String() string { return fmt.Sprintf("(%d,%d)", p.X, p.Y) }

type tree struct {
	Left, Right *tree
	Value       int
}

type shape interface{ String() string }

func main() {
	var (
		yes        = true
		i8         = int8(-8)
		i16        = int16(-16)
		i32        = int32(-32)
		i64        = int64(-64)
		u8         = uint8(8)
		u16        = uint16(16)
		u32        = uint32(32)
		u64        = uint64(1<<64 - 1)
		ptr        = uintptr(0x1234)
		f32        = float32(1.5)
		f64        = 2.25
		c64        = complex64(complex(1, 2))
		c128       = complex(3, -4)
		text       = "grüß dich"
		empty      = ""
		letter     = 'λ'
		when       = summer
		array      = [3]int{1, 2, 3}
		slice      = []string{"a", "b"}
		noSlice    []int
		dict       = map[string]int{"one": 1, "two": 2}
		noDict     map[string]int
		pt         = point{3, 4}
		ppt        = &pt
		noPtr      *point
		any1       interface{}
		any2       interface{} = 42
		shown      shape       = pt
		err                    = errors.New("went wrong")
		noErr      error
		root       = &tree{&tree{nil, nil, 1}, &tree{nil, nil, 3}, 2}
		fn         = double
		noFn       func(int) int
		queue      = make(chan int, 4)
		noQueue    chan int
		raw        = unsafe.Pointer(&pt)
		anonymous  = struct{ A, B byte }{1, 2}
		nested     = map[point][]string{{1, 2}: {"x", "y"}}
		multiarray = [2][2]int{{1, 2}, {3, 4}}
	)
	queue <- 7
	queue <- 8
	fmt.Println("kinds") // stop: kinds
	use(yes, i8, i16, i32, i64, u8, u16, u32, u64, ptr, f32, f64, c64, c128, text, empty, letter, when, array,
		slice, noSlice, dict, noDict, pt, ppt, noPtr, any1, any2, shown, err, noErr, root, fn == nil, noFn == nil,
		queue, noQueue, raw, anonymous, nested, multiarray)
}

func double(n int) int { return 2 * n }

func use(values ...interface{}) { fmt.Println(len(values)) }
