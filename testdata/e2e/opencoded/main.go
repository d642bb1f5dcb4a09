// Command opencoded defers calls in ways that the compiler does not put on the runtime's list when it optimises.
package main

import "os"

type counter struct{ total int }

var sum counter

//go:noinline
func add(amount int, name string) {
	sum.total += amount + len(name) // stop: add
}

//go:noinline
func (c *counter) grow(by int64, ratio float64) {
	c.total += int(by) + int(ratio) // stop: grow
}

//go:noinline
func look() {
	sum.total++ // stop: look
}

//go:noinline
func plain(amount int, name string) {
	defer add(1, "one")                // stop: constants
	defer sum.grow(int64(amount), 2.5) // stop: method
	if amount > 100 {
		defer add(100, name)
	}
	defer func() { // stop: closure
		sum.total += amount + len(name) // stop: in closure
	}()
	look()
	sum.total++ // stop: plain
}

//go:noinline
func looping(times int) {
	for i := range make([]struct{}, times) {
		defer add(i, "in a loop") // stop: loop
	}
	look()
	sum.total++ // stop: looping
}

//go:noinline
func failing(amount int) (result int) {
	defer func() { // stop: first
		if recover() != nil { // stop: recover
			result = amount
		}
	}()
	defer add(amount, "failing") // stop: failing
	defer look()
	if amount > 0 {
		panic("stop") // stop: panic
	}
	return 0
}

func main() {
	plain(len(os.Args)+6, "seven")
	looping(2)
	println(failing(3), sum.total) // stop: end
}
