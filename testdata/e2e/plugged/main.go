// Command plugged loads the plugin of its first argument and calls what it finds there.
package main

import (
	"fmt"
	"os"
	"plugin"
)

func main() {
	fmt.Println("before") // stop: before
	loaded, err := plugin.Open(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	symbol, err := loaded.Lookup("Triple") // stop: loaded
	if err != nil {
		fmt.Println(err)
		os.Exit(4)
	}
	triple := symbol.(func(int) int)
	total := 0
	for i := 0; i < 3; i++ {
		total += triple(i) // stop: call
	}
	fmt.Println("total", total) // stop: done
}
