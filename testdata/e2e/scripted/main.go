// Values for scripts: every kind they can take apart, more elements than are loaded at once, a list to walk.
package main

import "fmt"

type Color int

const (
	Red Color = iota + 1
	Green
)

type Point struct{ X, Y int }

type Node struct {
	Name string
	Next *Node
}

type Everything struct {
	Name    string
	In      Point
	P       *Point
	NilP    *Point
	S       []int
	NilS    []int
	A       [3]string
	M       map[string]int
	Points  map[Point]string
	Numbers map[int]string
	NilM    map[string]int
	I       interface{}
	NilI    error
	F       float64
	U       uint8
	B       bool
	C       Color
	Ch      chan int
	Fn      func()
	Bytes   []byte
}

var counter = 7

//go:noinline
func step(i int) int {
	counter += i // stop: step
	return counter
}

func main() {
	e := &Everything{
		Name:    "every",
		In:      Point{1, 2},
		P:       &Point{3, 4},
		A:       [3]string{"x", "y", "z"},
		M:       map[string]int{"one": 1},
		Points:  map[Point]string{{5, 6}: "p"},
		Numbers: map[int]string{},
		I:       &Point{7, 8},
		F:       1.5,
		U:       255,
		B:       true,
		C:       Green,
		Bytes:   []byte("hi"),
	}
	for i := 0; i < 200; i++ {
		e.S = append(e.S, i)
		e.Numbers[i] = fmt.Sprint("n", i)
	}
	list := &Node{"first", &Node{"second", &Node{"third", nil}}}
	fmt.Sprint(e, list) // stop: here
	for i := 0; i < 5; i++ {
		step(i)
	}
	fmt.Println("done", counter)
}
