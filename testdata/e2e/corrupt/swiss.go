//go:build go1.24

package main

import "unsafe"

// The header of a map is its count, the hash's seed, the directory and its length (internal/runtime/maps.Map).

func breakBuckets(m unsafe.Pointer) {
	behind(m)[2] = garbage
}

func breakSize(m unsafe.Pointer) {
	behind(m)[3] = huge
}

// breakOrder makes a directory in which two tables alternate.
func breakOrder(m unsafe.Pointer) {
	header := behind(m)
	table := *(**[4]uintptr)(unsafe.Pointer(header[2]))
	other := new([4]uintptr)
	*other = *table
	directory := new([1 << 16]*[4]uintptr)
	for i := range directory {
		directory[i] = table
		if i%2 == 1 {
			directory[i] = other
		}
	}
	header[0], header[2], header[3] = huge, uintptr(unsafe.Pointer(directory)), uintptr(len(directory))
}

// breakGrowth gives the table more groups than any has.
func breakGrowth(m unsafe.Pointer) {
	table := *(**[4]uintptr)(unsafe.Pointer(behind(m)[2]))
	table[3] = huge - 1
}
