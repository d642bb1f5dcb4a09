package main

import "fmt"

type pair struct {
	A int
	B string
}

type matrix [2][3]int

type base struct {
	ID   int
	note string
}

func (b base) Describe() string { return fmt.Sprint(b.ID, b.note) }

func (b *base) Rename(note string) { b.note = note }

type inner struct{ Depth, Width int }

type outer struct {
	base
	*inner
	Name   string
	Inner  inner
	Next   *outer
	Tags   []string
	Scores map[string]int
	any    interface{}
	anon   struct{ X, Y int8 }
	empty  struct{}
	fn     func(int) int
	ch     chan int
	Last   bool
}

func lists() {
	array := [5]int{1, 2, 3, 4, 5}
	noArray := [0]string{}
	grid := matrix{{1, 2, 3}, {4, 5, 6}}
	words := [2]string{"short", "quite a long word"}
	slice := array[1:3]
	var noSlice []int
	empty := []int{}
	long := make([]int, 100, 200)
	for i := range long {
		long[i] = i * i
	}
	nested := [][]int{{1}, {2, 3}, nil}
	pairs := []pair{{1, "one"}, {2, "a second, longer one"}}
	pointers := []*pair{&pairs[0], nil}
	mixed := []interface{}{1, "two", 3.5, nil, pairs[0], &pairs[1]}
	flags := []bool{true, false}
	floats := [3]float32{0.5, 1.5, -2}
	texts := []string{"a", "b"}
	longTexts := []string{"a", "a long string value"}
	pointer := &array
	deep := [][][]int{{{1, 2}, {3}}, {}}
	keep(array, noArray, grid, words, slice, noSlice, empty, long, nested, pairs, pointers, mixed, flags, floats, texts, longTexts, pointer, deep) // stop: lists
}

func maps() {
	var nilMap map[string]int
	emptyMap := map[string]int{}
	one := map[string]int{"a": 1}
	ints := map[int]string{42: "the answer"}
	structKeys := map[pair]int{{1, "x"}: 10}
	arrayKeys := map[[2]int]bool{{1, 2}: true}
	anyKeys := map[interface{}]int{"k": 1}
	pointerKey := &pair{9, "nine"}
	pointerKeys := map[*pair]string{pointerKey: "found"}
	floatKeys := map[float64]int{1.5: 15}
	boolKeys := map[bool]string{true: "yes"}
	structs := map[string]pair{"p": {3, "three"}}
	nested := map[string]map[int]int{"in": {1: 2}}
	lists := map[string][]int{"l": {1, 2, 3}}
	large := map[int]int{}
	for i := 0; i < 1000; i++ {
		large[i] = -i
	}
	shrunk := map[string]int{}
	for i := 0; i < 100; i++ {
		shrunk[fmt.Sprint(i)] = i
	}
	for i := 1; i < 100; i++ {
		delete(shrunk, fmt.Sprint(i))
	}
	wide := map[[200]byte][200]byte{{1}: {2}}
	set := map[string]struct{}{"member": {}}
	keep(nilMap, emptyMap, one, ints, structKeys, arrayKeys, anyKeys, pointerKeys, floatKeys, boolKeys, structs, nested, lists, large, shrunk, wide, set) // stop: maps
}

func structs(number int, name string) (result outer, err error) {
	small := pair{1, "x"}
	plain := struct{ X, Y int }{1, 2}
	nothing := struct{}{}
	whole := outer{base: base{ID: 1, note: "a base's note"}, inner: &inner{2, 3}, Name: name, Tags: []string{"t"}, Scores: map[string]int{"s": number}, any: small}
	whole.Next = &outer{Name: "next"}
	pointer := &whole
	array := [2]pair{small, {2, "y"}}
	long := struct {
		A, B, C, D, E int
		Text          string
	}{1, 2, 3, 4, 5, "a text that is long"}
	keep(small, plain, nothing, whole, pointer, array, long) // stop: structs
	return whole, nil
}

func channels() {
	var none chan int
	unbuffered := make(chan string)
	buffered := make(chan int, 4)
	buffered <- 7
	buffered <- 8
	var receive <-chan int = buffered
	var send chan<- int = buffered
	structs := make(chan pair, 1)
	structs <- pair{1, "sent"}
	closed := make(chan bool)
	close(closed)
	keep(none, unbuffered, buffered, receive, send, structs, closed) // stop: channels
}
