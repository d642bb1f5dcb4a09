// A program that prints what is true of itself, one fact a line, and then waits for its standard input to end.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// keep holds what must stay where it is.
var keep []any

var out = bufio.NewWriter(os.Stdout)

func goid() string {
	buf := make([]byte, 64)
	return string(bytes.Fields(buf[:runtime.Stack(buf, false)])[1])
}

func raw(p unsafe.Pointer, size uintptr) string {
	return fmt.Sprintf("%x.", unsafe.Slice((*byte)(p), size))
}

func word(p unsafe.Pointer) uintptr { return *(*uintptr)(p) }

func showMap[K comparable, V any](name string, m map[K]V) {
	keep = append(keep, m)
	var k K
	var v V
	typ := any(m)
	fmt.Fprintf(out, "map %s %d %d %d %d %d %d", name, word(unsafe.Pointer(&m)), word(unsafe.Pointer(&typ)),
		unsafe.Sizeof(k), unsafe.Alignof(k), unsafe.Sizeof(v), unsafe.Alignof(v))
	for k, v := range m {
		fmt.Fprintf(out, " %s%s", raw(unsafe.Pointer(&k), unsafe.Sizeof(k)), raw(unsafe.Pointer(&v), unsafe.Sizeof(v)))
	}
	fmt.Fprintln(out)
}

func fill(n int) map[int]int {
	m := make(map[int]int)
	for i := 0; i < n; i++ {
		m[i] = -i
	}
	return m
}

func maps() {
	showMap("empty", map[string]int{})
	showMap("small", map[string]int{"a": 1, "b": 2, "c": 3})
	showMap("full", map[int8]bool{1: true, 2: false, 3: true, 4: true, 5: true, 6: true, 7: false, 8: true})
	showMap("nine", fill(9))
	showMap("hundred", fill(100))
	showMap("thousands", fill(10000))
	// Bucket maps grow at 13/2 entries a bucket, and move two old buckets at each write.
	showMap("growing", fill(6657))
	showMap("growing-more", fill(6700))
	deleted := fill(5000)
	for i := 0; i < 5000; i++ {
		if i%7 != 0 {
			delete(deleted, i)
		}
	}
	showMap("deleted", deleted)
	churned := fill(1000)
	for i := 1000; i < 20000; i++ {
		delete(churned, i-1000)
		churned[i] = i
	}
	showMap("churned", churned)
	cleared := fill(300)
	for k := range cleared {
		delete(cleared, k)
	}
	cleared[7] = 7
	showMap("cleared", cleared)
	presized := make(map[int]int, 100000)
	presized[1] = 2
	showMap("presized", presized)
	sets := map[string]struct{}{}
	for i := 0; i < 40; i++ {
		sets[fmt.Sprint(i)] = struct{}{}
	}
	showMap("set", sets)
	showMap("unit", map[struct{}]struct{}{{}: {}})
	showMap("mixed", map[uint16]uint64{1: 2, 3: 4, 5: 6})
	showMap("bytes", map[[3]byte]uint32{{1, 2, 3}: 4, {5, 6, 7}: 8})
	large := map[[200]byte][300]byte{}
	for i := byte(0); i < 30; i++ {
		large[[200]byte{i}] = [300]byte{i, i}
	}
	showMap("large", large)
	edge := map[[128]byte][129]byte{}
	for i := byte(0); i < 10; i++ {
		edge[[128]byte{i}] = [129]byte{i, i}
	}
	showMap("edge", edge)
	nan := map[float64]int{}
	for i := 0; i < 20; i++ {
		nan[math.NaN()] = i
	}
	showMap("nan", nan)
	showMap("pair", map[[2]string]any{{"x", "y"}: 2, {"a", "b"}: nil})
}

func showChan(name string, c chan int, closed bool, receivers, senders []string, elems ...int) {
	keep = append(keep, c)
	fmt.Fprintf(out, "chan %s %d %d %v %d %s %s", name, word(unsafe.Pointer(&c)), cap(c), closed, len(c),
		strings.Join(receivers, ",")+";", strings.Join(senders, ",")+";")
	for _, e := range elems {
		fmt.Fprintf(out, " %d", e)
	}
	fmt.Fprintln(out)
}

// blocked starts a goroutine that tells its id and then blocks in f.
func blocked(f func()) string {
	id := make(chan string)
	go func() {
		id <- goid()
		f()
	}()
	return <-id
}

func chans() {
	c := make(chan int, 4)
	for i := 0; i < 4; i++ {
		c <- i
	}
	<-c
	<-c
	c <- 4
	c <- 5
	showChan("wrapped", c, false, nil, nil, 2, 3, 4, 5)
	closed := make(chan int, 2)
	closed <- 9
	close(closed)
	showChan("closed", closed, true, nil, nil, 9)
	waited := make(chan int)
	first := blocked(func() { <-waited })
	settle()
	second := blocked(func() { <-waited })
	settle()
	showChan("waited", waited, false, []string{first, second}, nil)
	full := make(chan int, 1)
	full <- 3
	sender := blocked(func() { full <- 77 })
	settle()
	showChan("full", full, false, nil, []string{sender}, 3)
}

// settle lets the other goroutines run until they block.
func settle() {
	for i := 0; i < 100; i++ {
		runtime.Gosched()
		time.Sleep(time.Microsecond)
	}
}

type Base struct{ A, B, C, D int16 }

type Named struct {
	Base
	Name  string
	Inner *Named
	f     func(int, ...string) error
}

func (Named) String() string      { return "named" }
func (*Named) Set(string) error   { return nil }
func (b Base) Sum(c int8) float64 { return float64(b.A) }

type Score int32

func (s Score) String() string { return "score" }

type Generic[T any] struct{ Value T }

func showType(t reflect.Type, addr uintptr) {
	fmt.Fprintf(out, "type\t%d\t%s\t%s\t%d\t%d\t%d\t", addr, t, t.PkgPath(), t.Kind(), t.Size(), t.Align())
	switch t.Kind() {
	case reflect.Array:
		fmt.Fprintf(out, "%s;%d", t.Elem(), t.Len())
	case reflect.Chan:
		fmt.Fprintf(out, "%s;%d", t.Elem(), t.ChanDir())
	case reflect.Pointer, reflect.Slice:
		fmt.Fprintf(out, "%s", t.Elem())
	case reflect.Map:
		fmt.Fprintf(out, "%s;%s", t.Key(), t.Elem())
	case reflect.Func:
		for i := 0; i < t.NumIn(); i++ {
			fmt.Fprintf(out, "%s;", t.In(i))
		}
		fmt.Fprintf(out, "->")
		for i := 0; i < t.NumOut(); i++ {
			fmt.Fprintf(out, "%s;", t.Out(i))
		}
		fmt.Fprintf(out, "%v", t.IsVariadic())
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			fmt.Fprintf(out, "%s:%s:%d:%v;", f.Name, f.Type, f.Offset, f.Anonymous)
		}
	case reflect.Interface:
		for i := 0; i < t.NumMethod(); i++ {
			fmt.Fprintf(out, "%s:%s;", t.Method(i).Name, t.Method(i).Type)
		}
	}
	fmt.Fprintf(out, "\t")
	if t.Kind() != reflect.Interface {
		for i := 0; i < t.NumMethod(); i++ {
			fmt.Fprintf(out, "%s;", t.Method(i).Name)
		}
	}
	fmt.Fprintln(out)
}

func showValue[T any](value T) {
	box := new(any)
	*box = value
	keep = append(keep, box)
	t := reflect.TypeOf(value)
	fmt.Fprintf(out, "iface\tany\t%d\t%s\t%s\n", uintptr(unsafe.Pointer(box)), t, raw(unsafe.Pointer(&value), unsafe.Sizeof(value)))
	showType(t, word(unsafe.Pointer(box)))
	if s, ok := any(value).(fmt.Stringer); ok {
		named := &s
		keep = append(keep, named)
		fmt.Fprintf(out, "iface\tStringer\t%d\t%s\t%s\n", uintptr(unsafe.Pointer(named)), t, raw(unsafe.Pointer(&value), unsafe.Sizeof(value)))
	}
}

func values() {
	n := Named{Name: "n"}
	n.f = func(int, ...string) error { return io.EOF }
	i := 5
	keep = append(keep, &i, &n)
	showValue(7)
	showValue(Score(9))
	showValue("text")
	showValue(1.5)
	showValue(true)
	showValue(n)
	showValue(&n)
	showValue(&i)
	showValue(n.Base)
	showValue([1]*int{&i})
	showValue([3]int8{1, 2, 3})
	showValue(struct{ P *int }{&i})
	showValue([]string{"a"})
	showValue(map[string]Score{"a": 1})
	showValue(make(chan int))
	showValue(make(<-chan bool, 1))
	showValue(n.f)
	showValue(Generic[map[string]int]{})
	showValue(unsafe.Pointer(&i))
	showValue(complex(1, 2))
	showValue((*io.ReadWriter)(nil))
	var w io.ReadWriter
	type eface struct{ typ, data unsafe.Pointer }
	elem := any(reflect.TypeOf(&w).Elem())
	showType(reflect.TypeOf(&w).Elem(), uintptr((*eface)(unsafe.Pointer(&elem)).data))
	var none any
	keep = append(keep, &none)
	fmt.Fprintf(out, "nil\t%d\n", uintptr(unsafe.Pointer(&none)))
}

func deferred1() { runtime.KeepAlive(keep) }
func deferred2() { runtime.KeepAlive(out) }

func pc(f func()) uintptr { return reflect.ValueOf(f).Pointer() }

func defers() {
	stop := make(chan int)
	id := blocked(func() {
		// Defers in a loop are not open-coded.
		for _, f := range []func(){deferred1, deferred2, deferred1} {
			defer f()
		}
		<-stop
	})
	fmt.Fprintf(out, "defers %s %d %d %d\n", id, pc(deferred1), pc(deferred2), pc(deferred1))
	panicking := blocked(func() {
		defer func() {
			<-stop
			recover()
		}()
		panic(Score(42))
	})
	fmt.Fprintf(out, "panic %s main.Score %s\n", panicking, raw(unsafe.Pointer(&[]Score{42}[0]), 4))
}

func labels() {
	stop := make(chan int)
	var id string
	pprof.Do(context.Background(), pprof.Labels("zone", "west", "alpha", "1"), func(context.Context) {
		id = blocked(func() { <-stop })
	})
	fmt.Fprintf(out, "labels %s alpha=1 zone=west\n", id)
}

func times() {
	for _, t := range []time.Time{{}, time.Now(), time.Unix(1700000000, 5), time.Date(-44, 3, 15, 1, 2, 3, 4, time.UTC),
		time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)} {
		at := new(time.Time)
		*at = t
		keep = append(keep, at)
		fmt.Fprintf(out, "time %d %s %v\n", uintptr(unsafe.Pointer(at)), t.UTC().Format(time.RFC3339), strings.Contains(t.String(), "m="))
	}
}

func goroutines() {
	stop := make(chan int)
	for i := 0; i < 30; i++ {
		fmt.Fprintf(out, "go %s chan receive\n", blocked(func() { <-stop }))
	}
	fmt.Fprintf(out, "go %s select\n", blocked(func() {
		other := make(chan int)
		select {
		case <-stop:
		case <-other:
		}
	}))
	fmt.Fprintf(out, "go %s sleep\n", blocked(func() { time.Sleep(time.Hour) }))
	fmt.Fprintf(out, "go %s select (no cases)\n", blocked(func() { select {} }))
}

func main() {
	runtime.LockOSThread()
	maps()
	chans()
	values()
	defers()
	labels()
	times()
	goroutines()
	for _, show := range extra {
		show()
	}
	settle()
	runtime.GC()
	settle()
	fmt.Fprintf(out, "main %s %d %d %d\n", goid(), syscall.Gettid(), threadPointer(), runtime.NumGoroutine())
	fmt.Fprintln(out, "ready")
	out.Flush()
	io.Copy(io.Discard, os.Stdin)
	runtime.KeepAlive(keep)
}

// extra are facts of newer Go releases.
var extra []func()

// threadPointer is the FS base: arch_prctl(2) with ARCH_GET_FS.
func threadPointer() uintptr {
	var base uintptr
	syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, 0x1003, uintptr(unsafe.Pointer(&base)), 0)
	return base
}
