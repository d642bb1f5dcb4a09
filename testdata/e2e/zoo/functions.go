package main

import "strings"

type operation func(int) int

type machine struct{ Speed int }

func (m machine) Run(times int) int { return m.Speed * times }

func (m *machine) Faster(by int) int {
	m.Speed += by
	return m.Speed
}

func double(x int) int { return 2 * x }

func functions(factor int) {
	var none func()
	plain := double
	var typed operation = double
	offset := 100
	word := "captured"
	closure := func(x int) int {
		offset += x
		sum := x*factor + offset + len(word)
		keep(sum, word) // stop: closure
		return sum
	}
	m := machine{3}
	value := m.Run
	pointer := (&m).Faster
	expression := machine.Run
	inStruct := struct{ F func(int) int }{closure}
	literal := func() {}
	library := strings.ToUpper
	keep(none, plain, typed, closure, value, pointer, expression, inStruct, literal, library) // stop: functions
	closure(2)
	defer func(text string) {
		caught := recover()
		keep(caught, text, factor) // stop: deferred
	}("deferred")
	func() {
		func() {
			deep := offset + factor
			keep(deep, word) // stop: nested closure
		}()
	}()
	_ = pointer(2)
	_ = value(3)
	panic("caught")
}

type couple[K comparable, V any] struct {
	Key   K
	Value V
}

func (c couple[K, V]) Swap() couple[string, V] {
	swapped := couple[string, V]{Value: c.Value}
	keep(swapped, c) // stop: generic method
	return swapped
}

type chain[T any] struct {
	Item T
	Next *chain[T]
}

func largest[T int | float64 | string](values ...T) (most T) {
	most = values[0]
	for _, value := range values {
		if value > most {
			most = value
		}
	}
	keep(most, values) // stop: generic
	return most
}

func generics() {
	simple := couple[string, int]{"k", 1}
	nested := couple[string, couple[int, []string]]{"outer", couple[int, []string]{1, []string{"x"}}}
	linked := &chain[float64]{1.5, &chain[float64]{2.5, nil}}
	keep(simple, nested, linked) // stop: instances
	largest(1, 3, 2)
	largest("b", "a")
	largest[float64](0.5)
	simple.Swap()
	couple[int, *pair]{1, &pair{2, "p"}}.Swap()
}

func unnamed(x int) (int, string) {
	y := x * x
	keep(y) // stop: unnamed
	return y, "result"
}

func scopes(first int, rest ...string) (total int, err error) {
	before := 1
	shadow := "outer"
	{
		shadow := 2
		inside := shadow + before
		if shadow := inside > 2; shadow {
			keep(shadow, inside) // stop: shadowed
		}
		keep(shadow, inside)
	}
	for i, text := range rest {
		total += i + len(text)
		keep(text) // stop: loop
	}
	escaped := 7
	pointer := &escaped
	keep(pointer, shadow) // stop: escaped
	after := total
	keep(after, first)
	switch value := interface{}(after).(type) {
	case int:
		keep(value) // stop: type switch
	case string:
		keep(value)
	}
	return total, nil
}
