// Types that debug information does not tell of: made by reflection, or lost when the program was stripped; and
// generic code that is shared by several instances.
package main

import (
	"fmt"
	"reflect"
)

type base struct{ id int }

func (b *base) SetID(id int) { b.id = id }
func (b base) ID() int       { return b.id }

type shape interface {
	Area() float64
	Name() string
}

type rect struct {
	base
	W, H float64
}

func (r *rect) Area() float64 { return r.W * r.H }
func (r rect) Name() string   { return "rect" }

type pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p *pair[K, V]) Swap(v V) V  { old := p.Val; p.Val = v; return old }
func (p pair[K, V]) Text() string { return fmt.Sprint(p.Key, p.Val) }

//go:noinline
func show[T any](x T) {
	fmt.Println(x) // stop: generic
}

// made returns a struct and a channel of types that no source names.
func made() (any, any) {
	fields := []reflect.StructField{
		{Name: "A", Type: reflect.TypeOf(1)},
		{Name: "M", Type: reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(int8(1)))},
	}
	ty := reflect.StructOf(fields)
	value := reflect.New(ty).Elem()
	value.Field(0).SetInt(42)
	value.Field(1).Set(reflect.MakeMap(fields[1].Type))
	value.Field(1).SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(int8(3)))
	channel := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, ty), 3)
	channel.Send(value)
	return value.Interface(), channel.Interface()
}

//go:noinline
func stop(values ...any) {
	for _, value := range values {
		if setter, ok := value.(interface{ SetID(int) }); ok {
			setter.SetID(7)
		}
	}
	fmt.Println(len(values)) // stop: values
}

func main() {
	var s shape = &rect{base{1}, 2, 3}
	p := &pair[string, []int]{"a", []int{1}}
	text := any(p).(interface{ Text() string })
	value, channel := made()
	stop([]shape{s}, p, value, channel, p.Swap([]int{2}), text.Text(), s.Area(), s.Name(), s)
	show(p)
	show(s.(*rect))
}
