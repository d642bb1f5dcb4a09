package main

import (
	"math"
	"strings"
	"time"
	"unsafe"
)

type color int

const (
	red color = iota
	green
	blue
)

type mode uint8

const (
	read mode = 1 << iota
	write
	execute
)

type (
	celsius float64
	label   string
	count   uint16
)

func scalars() {
	yes, no := true, false
	i, i8, i16, i32, i64 := -1, int8(math.MinInt8), int16(math.MinInt16), int32(math.MinInt32), int64(math.MinInt64)
	u, u8, u16, u32, u64 := uint(1), uint8(255), uint16(65535), uint32(math.MaxUint32), uint64(math.MaxUint64)
	up := uintptr(0xdeadbeef)
	letter, snowman := 'a', '☃'
	f32, f64, third := float32(0.1), 0.1, 1.0/3
	big, small, tiny32 := 1e21, 5e-324, float32(1e-45)
	tie := 1253638549861290.25
	zero := 0.0
	inf, minus, nan, negative := 1/zero, -1/zero, zero/zero, math.Copysign(0, -1)
	c64, c128 := complex64(complex(1, -2)), complex(inf, 0.5)
	favourite, none := blue, color(7)
	rw, odd, nothing := read|write, mode(9), mode(0)
	warm, tag, many := celsius(36.6), label("x"), count(3)
	keep(yes, no, i, i8, i16, i32, i64, u, u8, u16, u32, u64, up, letter, snowman, f32, f64, third, big, small, tiny32, tie, inf, minus, nan, negative, c64, c128, favourite, none, rw, odd, nothing, warm, tag, many) // stop: scalars
}

func texts() {
	empty := ""
	short := "grüß"
	quoted := "tab\t, \"quotes\", back\\slash, nul\x00, bell\a, \u200b"
	broken := "a\xff\xfe\x80z"
	long := strings.Repeat("0123456789", 10)
	exact := long[:64]
	letters := []byte("bytes")
	runes := []rune("rünes")
	cut := "0123456789012345678901234567890123456789012345678901234567890123☃"[:65]
	keep(empty, short, quoted, broken, long, exact, letters, runes, cut) // stop: texts
}

func times() {
	unix := time.Unix(1700000000, 5).UTC()
	zoned := unix.In(time.FixedZone("here", 5400))
	zero := time.Time{}
	span := 90 * time.Second
	month := time.March
	held := struct{ When time.Time }{unix}
	pointer := &unix
	raw := unsafe.Pointer(pointer)
	var noRaw unsafe.Pointer
	keep(unix, zoned, zero, span, month, held, pointer, raw, noRaw) // stop: times
}
