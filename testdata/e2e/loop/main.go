// Command loop runs a few plain lines again and again: how long does one step take?
package main

import "fmt"

type sample struct {
	name  string
	value float64
}

func main() {
	var samples []sample
	sum := 0.0 // stop: begin
	for i := 0; i < 1000; i++ {
		name := fmt.Sprint("sample ", i)
		s := sample{name, float64(i) / 2}
		samples = append(samples, s)
		sum += s.value
	}
	fmt.Println(len(samples), sum)
}
