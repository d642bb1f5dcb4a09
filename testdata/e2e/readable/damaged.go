package main

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// overwrite fills the bytes of a value, whatever is in it.
func overwrite(pointer unsafe.Pointer, size uintptr, pattern byte) {
	for i := uintptr(0); i < size; i++ {
		*(*byte)(unsafe.Pointer(uintptr(pointer) + i)) = pattern
	}
}

type everything struct {
	Number   big.Int
	Ratio    big.Rat
	Float    big.Float
	Mutex    sync.Mutex
	RWMutex  sync.RWMutex
	Map      sync.Map
	Pool     sync.Pool
	Value    atomic.Value
	Buffer   bytes.Buffer
	Network  net.IPNet
	URL      url.URL
	File     os.File
	List     list.List
	Location time.Location
	Error    net.OpError
	Path     os.PathError
	Reflect  reflect.Value
}

func damaged() {
	wild := make([]*everything, 0)
	for _, pattern := range []byte{0xff, 0x7f, 0x10, 0x01} {
		e := new(everything)
		overwrite(unsafe.Pointer(e), unsafe.Sizeof(*e), pattern)
		wild = append(wild, e)
	}
	pointerless := (*[unsafe.Sizeof(everything{})]byte)(unsafe.Pointer(wild[0]))
	ring := list.New()
	ring.PushBack(1)
	ring.Front().Value = ring
	looped := &net.OpError{Op: "loop"}
	looped.Err = looped
	circle := &big.Int{}
	chain := context.Background()
	for i := 0; i < 5000; i++ {
		chain = context.WithValue(chain, i, i)
	}
	deep := errors.New("bottom")
	for i := 0; i < 5000; i++ {
		deep = &os.PathError{Op: "op", Path: "path", Err: deep}
	}
	fmt.Println("damaged") // stop: damaged
	os.Exit(0)
	keep(wild, pointerless, ring, looped, circle, chain, deep)
}
