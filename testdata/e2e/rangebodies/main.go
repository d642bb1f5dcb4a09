//go:build go1.23

// Command rangebodies loops over functions within loops over functions, and defers in there.
package main

import "fmt"

func pairs(n int) func(func(int, string) bool) {
	return func(yield func(int, string) bool) {
		for i := 0; i < n; i++ {
			if !yield(i, fmt.Sprint("text", i)) { // stop: yield
				return
			}
		}
	}
}

func each[T any](items []T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for _, item := range items {
			if !yield(item) {
				return
			}
		}
	}
}

func walk(arg string) (result int, err error) {
	total := 100
	unused := "outside"
	for i, text := range pairs(2) {
		square := i * i
		for item := range each([]float64{2.5}) {
			inner := item * 2
			total++
			defer func(n int) {
				result += n
				fmt.Println(item, text, n) // stop: deferred in the body
			}(i)
			for range each([]string{"x"}) {
				deepest := inner + 1
				fmt.Println(deepest, square) // stop: deepest
			}
			fmt.Println(inner) // stop: nested body
		}
		fmt.Println(square) // stop: body
	}
	fmt.Println(unused)
	return total, nil
}

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) all(yield func(int) bool) bool {
	return t == nil || t.left.all(yield) && yield(t.value) && t.right.all(yield)
}

func (t *tree) sum(scale int) (sum int) {
	for value := range t.walk {
		scaled := value * scale
		sum += scaled // stop: method body
	}
	return sum
}

func (t *tree) walk(yield func(int) bool) { t.all(yield) }

func generic[K comparable](keys []K) (found []K) {
	for key := range each(keys) {
		found = append(found, key) // stop: generic body
	}
	return found
}

// The loop's body is called from the frames of its own function further in.
func (t *tree) levels(yield func(int) bool) {
	if t == nil {
		return
	}
	level := t.value * 10
	for value := range t.left.levels {
		if !yield(value) { // stop: recursive body
			return
		}
	}
	fmt.Println(level)
	yield(t.value)
}

func main() {
	walk("argument")
	t := &tree{&tree{nil, nil, 1}, nil, 2}
	t.sum(10)
	generic([]string{"a"})
	t = &tree{t, nil, 3}
	t.levels(func(int) bool { return true })
}
