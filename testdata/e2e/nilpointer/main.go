// Command nilpointer reads through a nil pointer: a signal that the runtime turns into a panic.
package main

import "fmt"

type node struct {
	value int
	next  *node
}

func last(list *node) int {
	for list.next != nil {
		list = list.next
	}
	return list.next.value // stop: nil
}

func main() {
	list := &node{1, &node{2, nil}}
	fmt.Println(last(list))
}
