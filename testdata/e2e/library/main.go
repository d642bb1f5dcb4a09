// Calls a shared library, which the test builds.
package main

/*
int counter_add(int);
*/
import "C"

import "fmt"

func main() {
	C.counter_add(1)
	fmt.Println(C.counter_add(2)) // stop: second
}
