// Values of every kind in several frames and goroutines, to be looked at while the memory seems to be damaged.
package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type color int

const (
	red color = iota
	blue
)

type shape interface {
	Area() float64
}

type square struct{ Side float64 }

func (s square) Area() float64 { return s.Side * s.Side }

type circle struct{ Radius float64 }

func (c *circle) Area() float64 { return 3 * c.Radius * c.Radius }

type node struct {
	Value       int
	Name        string
	Left, Right *node
	Next        interface{}
}

type wide struct {
	A, B, C int
	Names   []string
	Index   map[string]*node
	Shapes  []shape
	When    time.Time
	Any     interface{}
	Func    func(int) int
	Queue   chan *node
	Err     error
	embedded
}

type embedded struct {
	Mutex sync.Mutex
	Count int64
	Raw   [4]uint16
}

var (
	numbers  = []int{1, 2, 3, 5, 8}
	registry = map[string]interface{}{"one": 1, "two": []int{1, 2}, "nested": map[int]bool{1: true}}
	large    = map[int]string{}
	matrix   [3][4]float64
	root     *node
	failure  = fmt.Errorf("outer: %w", errors.New("inner"))
	mutex    sync.Mutex
)

func tree(depth int) *node {
	if depth == 0 {
		return nil
	}
	left, right := tree(depth-1), tree(depth-1)
	return &node{depth, fmt.Sprint("node ", depth), left, right, left}
}

//go:noinline
func receiver(queue chan *node, label string) {
	defer mutex.Unlock()
	received := <-queue
	_ = received
	_ = label
}

//go:noinline
func selecter(a, b chan int, ctx context.Context) {
	counts := map[string]int{"a": 1, "b": 2}
	select {
	case <-a:
	case b <- counts["a"]:
	case <-ctx.Done():
	}
}

//go:noinline
func locker(group *sync.WaitGroup, values ...int) {
	defer func() {
		if r := recover(); r != nil {
			group.Done()
		}
	}()
	mutex.Lock()
}

//go:noinline
func sleeper(d time.Duration) { time.Sleep(d) }

//go:noinline
func ready() {}

//go:noinline
func inner(all *wide, depth int, rest ...interface{}) (result int, err error) {
	if depth > 0 {
		return inner(all, depth-1, append(rest, depth, all)...)
	}
	i8, u16, f32, c128 := int8(-5), uint16(7), float32(1.5), complex(1, -2)
	text, runes, bytes := "some text, longer than a line", []rune("runes"), []byte("bytes")
	slices := [][]string{{"a"}, {"b", "c"}, nil}
	array := [3]struct{ X, Y int }{{1, 2}, {3, 4}, {5, 6}}
	favourite := blue
	var empty interface{}
	var none shape
	var one shape = &circle{2}
	pointer := &all.Names[0]
	double := &pointer
	add := func(n int) int { return n + depth + len(text) }
	buffered := make(chan string, 3)
	buffered <- "first"
	keys := map[[2]int]shape{{1, 2}: square{3}, {3, 4}: one}
	sets := map[interface{}]struct{}{1: {}, "two": {}, 3.0: {}, red: {}}
	number := big.NewInt(1).Lsh(big.NewInt(1), 200)
	address := net.IPv4(10, 0, 0, 1)
	value := reflect.ValueOf(all)
	dynamic := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "Made", Type: reflect.TypeOf(0)}})).Interface()
	now, took := time.Now(), 3*time.Second
	var flag atomic.Value
	flag.Store(registry)
	self := []interface{}{1, nil}
	self[1] = self
	defer fmt.Fprintln(os.Stderr, text, add(1))
	ready()
	_, _, _, _, _, _, _, _, _, _ = i8, u16, f32, c128, runes, bytes, slices, array, favourite, empty
	_, _, _, _, _, _, _, _, _, _ = none, double, buffered, keys, sets, number, address, value, dynamic, now
	_ = took
	return result, err
}

func main() {
	for i := 0; i < 1000; i++ {
		large[i] = fmt.Sprint("value ", i)
	}
	root = tree(5)
	queue, a, b := make(chan *node), make(chan int), make(chan int)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var group sync.WaitGroup
	group.Add(1)
	mutex.Lock()
	go receiver(queue, "first")
	go receiver(queue, "second")
	go selecter(a, b, ctx)
	go locker(&group, 1, 2, 3)
	go sleeper(time.Hour)
	for runtime.NumGoroutine() < 6 {
		runtime.Gosched()
	}
	time.Sleep(10 * time.Millisecond)
	all := &wide{
		1, 2, 3, []string{"x", "y"}, map[string]*node{"root": root}, []shape{square{1}, &circle{2}, nil},
		time.Now(), failure, func(n int) int { return n * len(numbers) }, queue, failure, embedded{},
	}
	fmt.Fprintln(os.Stderr, all.Count)
	inner(all, 3)
}
