package main

import (
	"fmt"
	"math"
	"unsafe"
)

func init() {
	extra = append(extra, hashes)
}

// hasher is the function that a map type hashes its keys with, which is in its descriptor behind the common part and
// three types.
func hasher(m any) func(unsafe.Pointer, uintptr) uintptr {
	const common, types = 48, 3 * 8
	typ := word(unsafe.Pointer(&m))
	return *(*func(unsafe.Pointer, uintptr) uintptr)(unsafe.Pointer(typ + common + types))
}

func showHash(kind string, m any, key unsafe.Pointer, data []byte) {
	for _, seed := range []uintptr{0, 1, 0x0123456789abcdef} {
		fmt.Fprintf(out, "hash %s %d %x. %d\n", kind, seed, data, hasher(m)(key, seed))
	}
}

func showHashOf[K comparable](kind string, k K) {
	showHash(kind, map[K]bool{}, unsafe.Pointer(&k), unsafe.Slice((*byte)(unsafe.Pointer(&k)), unsafe.Sizeof(k)))
}

func hashes() {
	data := make([]byte, 600)
	for i := range data {
		data[i] = byte(i*i + 7*i + 3)
	}
	for size := 0; size < len(data); size++ {
		text := string(data[:size])
		showHash("memory", map[string]bool{}, unsafe.Pointer(&text), data[:size])
		if size > 270 {
			size += 40
		}
	}
	showHashOf("sized", int8(-3))
	showHashOf("sized", uint16(65000))
	showHashOf("sized", int32(-70000))
	showHashOf("sized", uint64(1)<<63|12345)
	showHashOf("sized", [2]int32{1, -1})
	showHashOf("sized", [3]uint8{1, 2, 3})
	showHashOf("sized", [2]uint64{1, 2})
	showHashOf("sized", [40]uint64{1, 2, 39: 3})
	for _, f := range []float64{0, math.Copysign(0, -1), 1.5, -1e300, math.Inf(1), 5e-324} {
		showHashOf("float", f)
	}
	for _, f := range []float32{0, float32(math.Copysign(0, -1)), 1.5, -1e30, float32(math.Inf(-1))} {
		showHashOf("float", f)
	}
	for _, held := range []any{int64(77), uint64(1) << 40} {
		held := held
		keep = append(keep, held)
		p := unsafe.Pointer(&held)
		showHash("interface", map[any]bool{}, p, unsafe.Slice((*byte)(p), unsafe.Sizeof(held)))
	}
}
