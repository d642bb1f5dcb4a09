//go:build !go1.24

package main

import "unsafe"

// The header of a map is its count, flags with log2 of the number of buckets, the buckets, the old ones (runtime.hmap).

func breakBuckets(m unsafe.Pointer) {
	behind(m)[2] = garbage
}

func breakSize(m unsafe.Pointer) {
	(*[16]byte)(*(*unsafe.Pointer)(m))[9] = 255
}

// breakOrder chains the first bucket to itself.
func breakOrder(m unsafe.Pointer) {
	header := behind(m)
	header[0] = huge
	// Eight tophashes, keys and elements.
	*(*uintptr)(unsafe.Pointer(header[2] + 8 + 64 + 64)) = header[2]
}

func breakGrowth(m unsafe.Pointer) {
	behind(m)[3] = garbage
}
