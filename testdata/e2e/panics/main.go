// Command panics ends by a panic that nobody recovers, with a value of its own type.
package main

import "fmt"

type overload struct {
	Station string
	Load    int
}

func (o overload) Error() string {
	return fmt.Sprintf("station %s is overloaded: %d", o.Station, o.Load)
}

func check(station string, load int) {
	if load > 100 {
		panic(overload{station, load}) // stop: panic
	}
}

func recovered() (err error) {
	defer func() {
		err, _ = recover().(error)
	}()
	check("north", 101)
	return nil
}

func main() {
	fmt.Println("recovered:", recovered())
	check("south", 250)
}
