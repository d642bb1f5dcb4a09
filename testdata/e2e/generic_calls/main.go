// Instances of generic functions and methods, to be called by the debugger.
package main

import "fmt"

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string        { return fmt.Sprint(p.Key, "=", p.Val) }
func (p *Pair[K, V]) Set(v V) V            { old := p.Val; p.Val = v; return old }
func (p *Pair[K, V]) Swap(k K, v V) (K, V) { a, b := p.Key, p.Val; p.Key, p.Val = k, v; return a, b }

type named int

//go:noinline
func identity[T any](x T) T { return x }
func mapped[A, B any](xs []A, f func(A) B) []B {
	var out []B
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
func typeName[T any]() string { var x T; return fmt.Sprintf("%T", x) }

func main() {
	p := Pair[string, int]{"a", 1}
	q := &Pair[int, []string]{3, nil}
	fmt.Println(p.String(), q.String(), q.Set([]string{"x"}), p.Set(2))
	fmt.Println(p.Swap("b", 5))
	fmt.Println(identity(1), identity("x"), identity(named(3)), identity(&p), typeName[named](), typeName[*named](), typeName[Pair[string, int]]())
	fmt.Println(mapped([]int{1}, func(i int) string { return "s" }))
	fmt.Println(p, q) // stop: here
}
