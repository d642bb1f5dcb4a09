// Command exits ends with the exit status that its argument names.
package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	status, err := strconv.Atoi(os.Args[1]) // stop: status
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(status) // stop: exit
}
