// Command defers runs deferred calls, in the end of a function and in a panic.
package main

import "fmt"

var log []string

func note(text string) {
	log = append(log, text) // stop: note
}

func orderly() {
	defer note("first deferred")
	defer note("second deferred")
	note("body") // stop: body
}

func unruly() (result int) {
	defer func() {
		if cause := recover(); cause != nil { // stop: recover
			result = len(fmt.Sprint(cause))
		}
	}()
	defer note("on the way out")
	panic("four") // stop: panic
}

func main() {
	orderly()          // stop: main
	result := unruly() // stop: after orderly
	fmt.Println(result, log)
}
