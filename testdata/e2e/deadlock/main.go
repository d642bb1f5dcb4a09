// Command deadlock ends by the runtime's own hand: a fatal error, which is no panic and cannot be recovered.
package main

import "fmt"

func main() {
	fmt.Println("about to wait for ever")
	var nobody chan int
	<-nobody // stop: wait
}
