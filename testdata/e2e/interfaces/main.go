// Command interfaces holds anything in interfaces, and closures with what they have captured.
package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

type pair struct {
	A int
	B string
}

type one struct{ P *int }

type age int

func (a age) String() string { return fmt.Sprint(int(a), " years") }

type node struct{ Next interface{} }

func double(n int) int { return 2 * n }

func anything() {
	number := 7
	var nilPair *pair
	var nilError error
	var nilMap map[string]int
	values := []interface{}{
		true, int8(-1), uint64(1) << 63, 2.5, float32(0.25), complex(1, -2), 'x', "text", uintptr(16),
		pair{1, "b"}, &pair{2, "c"}, one{&number}, [1]*int{&number}, [2]int{1, 2}, []string{"s"},
		map[string]int{"k": 1}, make(chan int, 1), double, nilPair, nilError, nilMap, age(3),
		unsafe.Pointer(nil), struct{}{}, struct{ X, Y int }{1, 2}, [0]int{}, &number, new(interface{}),
	}
	var stringer fmt.Stringer = age(41)
	var inner interface{} = stringer
	nested := node{node{&node{stringer}}}
	made := reflect.New(reflect.StructOf([]reflect.StructField{
		{Name: "Count", Type: reflect.TypeOf(0), Tag: `json:"count"`},
		{Name: "Names", Type: reflect.TypeOf([]string{})},
		{Name: "Owner", Type: reflect.TypeOf((*pair)(nil))},
	})).Elem()
	made.Field(0).SetInt(5)
	made.Field(1).Set(reflect.ValueOf([]string{"n"}))
	structOf := made.Interface()
	arrayOf := reflect.New(reflect.ArrayOf(3, reflect.TypeOf(age(0)))).Elem().Interface()
	mapOf := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(int16(0)), reflect.TypeOf(one{})))
	mapOf.SetMapIndex(reflect.ValueOf(int16(3)), reflect.ValueOf(one{&number}))
	madeMap := mapOf.Interface()
	funcOf := reflect.MakeFunc(reflect.TypeOf(double), func(in []reflect.Value) []reflect.Value { return in }).Interface()
	pointerTo := reflect.New(reflect.PtrTo(reflect.TypeOf(pair{}))).Interface()
	fmt.Println(len(values), stringer, inner, nested, structOf, arrayOf, madeMap, funcOf != nil, pointerTo) // stop: interfaces
}

type counter struct{ n int }

func (c *counter) add(d int) int { c.n += d; return c.n }

func (c counter) get() int { return c.n }

func closures() {
	number, text := 1, "captured"
	changing := 10
	list := []int{1, 2, 3}
	c := counter{4}
	none := func() int { return 1 }
	byValue := func() string { return text + fmt.Sprint(number, list) }
	byReference := func() { changing++ }
	nested := func() func() int {
		return func() int { return number + changing }
	}
	inner := nested()
	bound := c.add
	boundValue := c.get
	expression := (*counter).add
	var nilFunc func()
	held := map[string]func(int) int{"double": double}
	byReference()
	fmt.Println(none(), byValue(), inner(), bound(1), boundValue(), expression(&c, 2), nilFunc == nil, held["double"](2), changing) // stop: closures
}

func main() {
	anything()
	closures()
}
