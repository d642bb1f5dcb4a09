// Command fatalc dies in C: of a bad pointer, or because it asks for it.
package main

/*
#include <stdlib.h>

static int follow(int *p) {
	return *p; // C: follow
}

static void give_up(void) {
	abort();
}
*/
import "C"

import "os"

func main() {
	if os.Args[1] == "abort" {
		C.give_up() // stop: abort
	}
	C.follow(nil) // stop: follow
}
