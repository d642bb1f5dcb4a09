// Command corrupt has values that no Go program makes: headers, maps, interfaces, type descriptors and closures whose
// words are garbage, and values that lie where there is no memory.
package main

import (
	"os"
	"reflect"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"
)

// garbage is an address at which there is never anything.
const garbage = 0xdead0000

const huge = 1 << 60

// words is a value as the machine words that it is made of.
func words(p unsafe.Pointer) *[16]uintptr {
	return (*[16]uintptr)(p)
}

// behind are the words of what a pointer-shaped value points to.
func behind(p unsafe.Pointer) *[16]uintptr {
	return (*[16]uintptr)(*(*unsafe.Pointer)(p))
}

// pages is three pages of memory, of which only the one in the middle can be read.
func pages() []byte {
	size := syscall.Getpagesize()
	all, err := syscall.Mmap(-1, 0, 3*size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for i := range all {
		all[i] = 'm'
	}
	if err := syscall.Mprotect(all[:size], syscall.PROT_NONE); err != nil {
		panic(err)
	}
	_, _, errno := syscall.Syscall(syscall.SYS_MUNMAP, uintptr(unsafe.Pointer(&all[2*size])), uintptr(size), 0)
	if errno != 0 {
		panic(errno)
	}
	return all
}

// writable lets the page around p be written: type descriptors are constants.
func writable(p unsafe.Pointer) {
	size := uintptr(syscall.Getpagesize())
	start := uintptr(p) &^ (size - 1)
	_, _, errno := syscall.Syscall(syscall.SYS_MPROTECT, start, 2*size, syscall.PROT_READ|syscall.PROT_WRITE|syscall.PROT_EXEC)
	if errno != 0 {
		panic(errno)
	}
}

// typeOf is the descriptor of the type of the value in an interface.
func typeOf(value interface{}) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&value))
}

// counterfeit is a copy of a type's descriptor on the heap, which the runtime would not have there.
func counterfeit(value interface{}) *[16]uintptr {
	made := new([16]uintptr)
	*made = *(*[16]uintptr)(typeOf(value))
	return made
}

// holding is an interface whose type word is the address of a descriptor.
func holding(descriptor *[16]uintptr, data unsafe.Pointer) (made interface{}) {
	*(*[2]unsafe.Pointer)(unsafe.Pointer(&made)) = [2]unsafe.Pointer{unsafe.Pointer(descriptor), data}
	return made
}

func main() {
	debug.SetGCPercent(-1)
	grow(64)
	headers()
	places()
	maps()
	channels()
	interfaces()
	descriptors()
	functions()
	cycles()
	library()
	os.Exit(0)
}

// grow makes the stack so large that it need not be copied while there is garbage on it.
func grow(depth int) byte {
	var room [4096]byte
	if depth > 0 {
		room[depth] = grow(depth - 1)
	}
	return room[depth]
}

//go:noinline
func reached() {}

func headers() {
	long := []int{1, 2, 3}
	words(unsafe.Pointer(&long))[1], words(unsafe.Pointer(&long))[2] = huge, huge
	negative := []int{1}
	words(unsafe.Pointer(&negative))[1] = ^uintptr(4)
	overfull := []string{"a", "b"}
	words(unsafe.Pointer(&overfull))[2] = 1
	wild := []int{1}
	words(unsafe.Pointer(&wild))[0] = garbage
	lowest := []string{"x"}
	*(*[3]uintptr)(unsafe.Pointer(&lowest)) = [3]uintptr{8, huge, huge}
	highest := []string{"x"}
	words(unsafe.Pointer(&highest))[0] = ^uintptr(0)
	nothing := []struct{}{{}}
	words(unsafe.Pointer(&nothing))[1], words(unsafe.Pointer(&nothing))[2] = huge, huge
	longText := "text"
	words(unsafe.Pointer(&longText))[1] = huge
	negativeText := "text"
	words(unsafe.Pointer(&negativeText))[1] = ^uintptr(0)
	wildText := "text"
	words(unsafe.Pointer(&wildText))[0] = garbage
	nilText := "text"
	words(unsafe.Pointer(&nilText))[0] = 0
	texts := []string{"before", "lost", "after"}
	words(unsafe.Pointer(&texts[1]))[0] = garbage
	rows := [][]int{{1}, {2}, {3}}
	words(unsafe.Pointer(&rows[1]))[1] = huge
	words(unsafe.Pointer(&rows[1]))[2] = huge
	pointer := new(int)
	*(*uintptr)(unsafe.Pointer(&pointer)) = garbage
	misaligned := new(uint64)
	*(*uintptr)(unsafe.Pointer(&misaligned)) = ^uintptr(3)
	reached() // stop: headers
	_, _, _, _, _, _, _ = long, negative, overfull, wild, lowest, highest, nothing
	_, _, _, _, _, _, _, _ = longText, negativeText, wildText, nilText, texts, rows, pointer, misaligned
}

type record struct {
	Before [16]byte
	Text   string
	Number int
	After  *record
}

func places() {
	memory := pages()
	size := syscall.Getpagesize()
	hidden := memory[:10]
	partly := memory[2*size-4 : 2*size+4]
	unmapped := memory[2*size : 2*size+10]
	partlyText := *(*string)(unsafe.Pointer(&partly))
	var partlyInts []int64
	*(*[3]uintptr)(unsafe.Pointer(&partlyInts)) = [3]uintptr{uintptr(unsafe.Pointer(&memory[2*size-16])), 4, 4}
	array := (*[1 << 20]int64)(unsafe.Pointer(&memory[2*size-16]))
	structure := (*record)(unsafe.Pointer(&memory[2*size-16]))
	var structures []record
	*(*[3]uintptr)(unsafe.Pointer(&structures)) = [3]uintptr{uintptr(unsafe.Pointer(&memory[2*size-2*int(unsafe.Sizeof(record{}))-16])), 9, 9}
	cut := (*interface{})(unsafe.Pointer(&memory[2*size-8]))
	reached() // stop: places
	_, _, _, _, _, _, _, _, _ = hidden, partly, unmapped, partlyText, partlyInts, array, structure, structures, cut
}

func maps() {
	nowhere := map[int]int{1: 10}
	*(*uintptr)(unsafe.Pointer(&nowhere)) = garbage
	inside := map[int]int{1: 10}
	*(*uintptr)(unsafe.Pointer(&inside)) += 8
	wildBuckets := map[int]int{1: 10}
	breakBuckets(unsafe.Pointer(&wildBuckets))
	tooMany := map[int]int{1: 10}
	breakSize(unsafe.Pointer(&tooMany))
	manyMore := map[int]int{1: 10}
	behind(unsafe.Pointer(&manyMore))[0] = huge
	fewer := map[int]int{1: 10, 2: 20}
	behind(unsafe.Pointer(&fewer))[0] = ^uintptr(0)
	endless := make(map[int]int, 100)
	for i := 0; i < 100; i++ {
		endless[i] = 10 * i
	}
	breakOrder(unsafe.Pointer(&endless))
	growing := make(map[int]int, 100)
	growing[1] = 10
	breakGrowth(unsafe.Pointer(&growing))
	badKeys := map[string]string{"key": "value"}
	lost := "lost"
	words(unsafe.Pointer(&lost))[1] = huge
	badKeys["lost"] = lost
	reached() // stop: maps
	_, _, _, _, _, _ = nowhere, inside, wildBuckets, tooMany, manyMore, fewer
	_, _, _ = endless, growing, badKeys
}

func channels() {
	nowhere := make(chan int)
	*(*uintptr)(unsafe.Pointer(&nowhere)) = garbage
	wildBuffer := make(chan string, 2)
	wildBuffer <- "one"
	behind(unsafe.Pointer(&wildBuffer))[2] = garbage
	manyElements := make(chan int, 2)
	manyElements <- 1
	behind(unsafe.Pointer(&manyElements))[0] = huge
	hugeBuffer := make(chan int, 2)
	behind(unsafe.Pointer(&hugeBuffer))[0], behind(unsafe.Pointer(&hugeBuffer))[1] = huge, huge
	negativeBuffer := make(chan int, 2)
	behind(unsafe.Pointer(&negativeBuffer))[1] = ^uintptr(0)
	noBuffer := make(chan [4]string, 2)
	behind(unsafe.Pointer(&noBuffer))[1] = 0
	reached() // stop: channels
	_, _, _, _, _, _ = nowhere, wildBuffer, manyElements, hugeBuffer, negativeBuffer, noBuffer
}

func interfaces() {
	var wildType interface{} = 1
	words(unsafe.Pointer(&wildType))[0] = garbage
	var lowType interface{} = 1
	words(unsafe.Pointer(&lowType))[0] = 9
	var wildData interface{} = "text"
	words(unsafe.Pointer(&wildData))[1] = garbage
	var wildItab error = os.ErrExist
	words(unsafe.Pointer(&wildItab))[0] = garbage
	var wildError error = os.ErrExist
	words(unsafe.Pointer(&wildError))[1] = garbage
	var heapItab error = os.ErrExist
	itab := new([16]uintptr)
	*itab = *behind(unsafe.Pointer(&heapItab))
	itab[1] = uintptr(unsafe.Pointer(itab))
	words(unsafe.Pointer(&heapItab))[0] = uintptr(unsafe.Pointer(itab))
	var codeAsType interface{} = 1
	code := reached
	words(unsafe.Pointer(&codeAsType))[0] = behind(unsafe.Pointer(&code))[0]
	var offType interface{} = record{}
	words(unsafe.Pointer(&offType))[0] += 8
	several := []interface{}{1, wildType, "three"}
	reached() // stop: interfaces
	_, _, _, _, _, _, _ = wildType, lowType, wildData, wildItab, wildError, heapItab, codeAsType
	_, _, _ = offType, several, code
}

type badKind struct{ X int }
type badSize struct{ X int }
type badName struct{ X int }
type badFields struct{ X, Y int }

func descriptors() {
	data := unsafe.Pointer(&[16]uintptr{5, 6, 7})
	ofHeap := holding(counterfeit(record{}), data)
	zeroes := holding(new([16]uintptr), data)
	hugeSize := counterfeit([2]int{})
	hugeSize[0] = huge
	large := holding(hugeSize, data)
	// The length is the last word of an array's descriptor, behind its element and its slice type.
	manyElements := counterfeit([2]int{})
	manyElements[8] = huge
	many := holding(manyElements, data)
	wildElement := counterfeit([2]int{})
	wildElement[6] = garbage
	elements := holding(wildElement, data)
	wildFields := counterfeit(record{})
	wildFields[7] = garbage
	fields := holding(wildFields, data)
	manyFields := counterfeit(record{})
	manyFields[8], manyFields[9] = huge, huge
	members := holding(manyFields, data)
	ownElement := counterfeit(&data)
	ownElement[6] = uintptr(unsafe.Pointer(ownElement))
	endless := holding(ownElement, data)
	ownKey := counterfeit(map[int]int{})
	ownKey[6], ownKey[7] = uintptr(unsafe.Pointer(ownKey)), uintptr(unsafe.Pointer(ownKey))
	inward := holding(ownKey, data)
	// Unnamed, so that its name is spelled out of those of its fields, which are all of this type.
	ownFields := counterfeit(struct{ A, B, C, D, E, F, G, H int }{})
	fieldList := *(*[24]uintptr)(unsafe.Pointer(ownFields[7]))
	for i := 0; i < 8; i++ {
		fieldList[3*i+1] = uintptr(unsafe.Pointer(ownFields))
		fieldList[3*i+2] = 0
	}
	ownFields[7] = uintptr(unsafe.Pointer(&fieldList))
	bush := holding(ownFields, data)
	var wrongKind interface{} = badKind{1}
	writable(typeOf(wrongKind))
	(*[32]byte)(typeOf(wrongKind))[23] = 31
	var wrongSize interface{} = badSize{2}
	writable(typeOf(wrongSize))
	words(typeOf(wrongSize))[0] = huge
	var wrongName interface{} = badName{3}
	writable(typeOf(wrongName))
	*(*int32)(unsafe.Pointer(&(*[48]byte)(typeOf(wrongName))[40])) = 0x7fffffff
	var wrongFields interface{} = badFields{4, 5}
	writable(typeOf(wrongFields))
	words(typeOf(wrongFields))[8] = huge
	reached() // stop: descriptors
	_, _, _, _, _, _, _, _ = ofHeap, zeroes, large, many, elements, fields, members, endless
	_, _, _, _, _, _ = inward, bush, wrongKind, wrongSize, wrongName, wrongFields
}

type adder struct{ Sum int }

func (a *adder) Add(n int) { a.Sum += n }

func functions() {
	var nowhere func(int) string
	*(*uintptr)(unsafe.Pointer(&nowhere)) = garbage
	object := [2]uintptr{garbage, garbage}
	noCode := nowhere
	*(*unsafe.Pointer)(unsafe.Pointer(&noCode)) = unsafe.Pointer(&object)
	table := [4]uintptr{}
	dataAsCode := nowhere
	table[0] = uintptr(unsafe.Pointer(&table))
	*(*unsafe.Pointer)(unsafe.Pointer(&dataAsCode)) = unsafe.Pointer(&table)
	list, text := []int{1, 2}, "captured"
	closure := func() int { return len(list) + len(text) }
	captured := behind(unsafe.Pointer(&closure))
	captured[1], captured[2], captured[3] = garbage, huge, huge
	memory := pages()
	cutClosure := func() int { return len(list) + len(text) }
	last := (*uintptr)(unsafe.Pointer(&memory[2*syscall.Getpagesize()-8]))
	*last = behind(unsafe.Pointer(&cutClosure))[0]
	*(*unsafe.Pointer)(unsafe.Pointer(&cutClosure)) = unsafe.Pointer(last)
	method := new(adder).Add
	behind(unsafe.Pointer(&method))[1] = garbage
	halfway := reached
	entry := [1]uintptr{behind(unsafe.Pointer(&halfway))[0] + 1}
	*(*unsafe.Pointer)(unsafe.Pointer(&halfway)) = unsafe.Pointer(&entry)
	reached() // stop: functions
	_, _, _, _, _, _, _ = nowhere, noCode, dataAsCode, closure, cutClosure, method, halfway
}

type node struct {
	Value int
	Next  *node
}

type link struct {
	Value int
	Next  interface{}
}

type turn *turn

type ring map[string]ring

type braid struct {
	Left, Right *braid
}

type tree struct {
	Branches []tree
}

func cycles() {
	list := &node{Value: 1}
	list.Next = &node{2, list}
	chain := &link{Value: 1}
	chain.Next = &link{2, chain}
	var around turn
	around = &around
	var pointer interface{}
	pointer = &pointer
	self := []interface{}{1, nil}
	self[1] = self
	dict := ring{}
	dict["self"] = dict
	any := map[string]interface{}{}
	any["self"] = any
	branches := tree{make([]tree, 2)}
	branches.Branches[0], branches.Branches[1] = branches, branches
	var strands *braid
	for i := 0; i < 64; i++ {
		strands = &braid{strands, strands}
	}
	reached() // stop: cycles
	_, _, _, _, _, _, _, _, _ = list, chain, around, pointer, self, dict, any, branches, strands
}

func library() {
	wildZone := time.Now()
	words(unsafe.Pointer(&wildZone))[2] = garbage
	location := *time.FixedZone("long", 3600)
	words(unsafe.Pointer(&location))[1] = huge
	words(unsafe.Pointer(&location))[3] = huge
	words(unsafe.Pointer(&location))[6] = huge
	words(unsafe.Pointer(&location))[5] = garbage
	brokenZone := time.Now().In(&location)
	late := time.Unix(1, 0)
	words(unsafe.Pointer(&late))[0], words(unsafe.Pointer(&late))[1] = 1<<63-1, 1<<63-1
	early := time.Unix(1, 0)
	words(unsafe.Pointer(&early))[1] = 1 << 63
	forever := time.Duration(-1 << 63)
	untyped := reflect.ValueOf(5)
	words(unsafe.Pointer(&untyped))[0] = garbage
	flagged := reflect.ValueOf("text")
	words(unsafe.Pointer(&flagged))[2] = ^uintptr(0)
	pointed := reflect.ValueOf(&record{})
	words(unsafe.Pointer(&pointed))[1] = garbage
	reached() // stop: library
	_, _, _, _, _ = wildZone, brokenZone, late, early, forever
	_, _, _ = untyped, flagged, pointed
}
