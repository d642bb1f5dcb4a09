// Command tour has something for every command of the prompt to show.
package main

import "fmt"

type Shape interface {
	Area() float64
}

type Rect struct {
	W, H float64
	Name string
}

func (r *Rect) Area() float64 { return r.W * r.H }

func (r Rect) Label() string { return r.Name }

var counter = 5
var names = []string{"ann", "bob", "cy"}

func add(a, b int) int {
	sum := a + b // stop: add
	return sum
}

func wait(ready chan bool, in chan int) {
	ready <- true
	<-in // stop: wait
}

func say(text string) {
	fmt.Println(text)
}

func outer(n int) (text string, err error) {
	defer say("deferred")
	for i := 0; i < n; i++ {
		counter += add(i, n) // stop: loop
	}
	return fmt.Sprint(n), nil
}

func main() {
	ready, in := make(chan bool), make(chan int)
	go wait(ready, in)
	<-ready
	rect := &Rect{3, 4, "a\tb"}
	var shape Shape = rect
	x := "outer"
	{
		x := len(x)
		text, err := outer(3) // stop: call
		fmt.Println(text, err, shape.Area(), rect.Label(), x)
	}
	in <- 1
	fmt.Println(x, names) // stop: end
}
