//go:build go1.24

package main

import (
	"fmt"
	"runtime"
	"unique"
	"weak"
)

func init() {
	newer = append(newer, handles)
}

func handles() {
	handle := unique.Make("text")           // = "text"
	structure := unique.Make(names{"a", 1}) // = main.names {...}
	pointed := &names{"b", 2}
	living := weak.Make(pointed)      // = (*main.names)(0x
	lost := weak.Make(&names{"c", 3}) // = collected
	var nothing weak.Pointer[names]   // = nil
	runtime.GC()
	runtime.GC()
	fmt.Println("handles") // stop: handles
	keep(handle, structure, pointed, living, lost, nothing)
}
