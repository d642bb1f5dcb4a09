//go:build go1.23

// Command rangedefers defers calls in the body of a loop over a function: they belong to the function around it.
package main

var sum int

//go:noinline
func add(amount int) {
	sum += amount
}

//go:noinline
func look() {
	sum++
}

//go:noinline
func upTo(n int, yield func(int) bool) {
	for i := 0; i < n && yield(i); i++ {
		sum++
	}
}

//go:noinline
func around() {
	defer add(5)
	for i := range func(yield func(int) bool) { upTo(2, yield) } {
		defer add(10 + i)
	}
	look()
	sum++
}

func main() {
	around()
	println(sum)
}
