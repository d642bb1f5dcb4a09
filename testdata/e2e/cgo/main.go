// Go that calls C: in its own comment, and in a file beside it.
package main

/*
#include "work.h"

static int in_comment(int a) {
	int twice = a * 2;
	return twice; // stop: in the comment
}
*/
import "C"

import "fmt"

func main() {
	p := C.struct_point{x: 3, y: 4}
	fmt.Println(C.in_comment(5), C.c_work(&p, 2)) // stop: calls
}
