// A program of small functions to step through. The comments say when a step stops at their line: `next: 2 4` at
// the second and fourth stop of a walk by next that begins at the function, `step: 3` at the third of one by step.
package main

import (
	"fmt"
	"os"
)

type shape interface{ area(scale int) int }
type square struct{ side int }
type circle struct{ r int }

func (s square) area(scale int) int { return s.side * s.side * scale } // closures.step: 14 24, interfaces.step: 4 14 18 22

func (c *circle) area(scale int) int { // closures.step: 18, interfaces.step: 8
	x := c.r * c.r       // closures.step: 19, interfaces.step: 9
	return 3 * x * scale // closures.step: 20, interfaces.step: 10
}

type wrapped struct{ square }

var sink int

func add(a, b int) int { // calls.step: 3 7 12 17 22, results.step: 7, gotos.step: 28
	c := a + b // calls.step: 4 8 13 18 23, results.step: 8, gotos.step: 29
	return c   // calls.step: 5 9 14 19 24, results.step: 9, gotos.step: 30
}

func fact(n int) int { // calls.step: 27 30 33
	if n <= 1 { // calls.step: 28 31 34
		return 1 // calls.step: 35
	}
	return n * fact(n-1) // calls.step: 29 32 36 37
}

func loops() { // next: 1, step: 1
	total := 0               // next: 2, step: 2
	for i := 0; i < 3; i++ { // next: 3 5 7 9, step: 3 5 7 9
		total += i // next: 4 6 8, step: 4 6 8
	}
	for i, v := range []int{4, 5} { // next: 10 13 16, step: 10 13 16
		if i == 0 { // next: 11 14, step: 11 14
			total += v // next: 12, step: 12
		} else {
			total -= v // next: 15, step: 15
		}
	}
	for _, r := range "ab" { // next: 17 19 21, step: 17 19 21
		total += int(r) // next: 18 20, step: 18 20
	}
	sink = total // next: 22, step: 22
} // next: 23, step: 23

func switches() { // next: 1, step: 1
	for i := 0; i < 4; i++ { // next: 2 6 13 20 26, step: 2 6 13 20 26
		switch i { // next: 3 7 14 21, step: 3 7 14 21
		case 0: // next: 4 8 15 22, step: 4 8 15 22
			sink = 1 // next: 5, step: 5
		case 1, 2: // next: 9 16 23, step: 9 16 23
			sink = 2    // next: 10 17, step: 10 17
			if i == 1 { // next: 11 18, step: 11 18
				continue // next: 12, step: 12
			}
			sink = 3 // next: 19, step: 19
		default: // next: 24, step: 24
			sink = 4 // next: 25, step: 25
		}
	}
	var x any = "s"        // next: 27, step: 27
	switch v := x.(type) { // next: 28 31, step: 28 31
	case int:
		sink = v
	case string: // next: 29, step: 29
		sink = len(v) // next: 30, step: 30
	}
} // next: 32, step: 32

func calls() { // next: 1, step: 1
	a := add(1, 2) + add(3, 4) // next: 2, step: 2 6 10
	b := add(add(a, 1),        // next: 3 5, step: 11 15 21 25
		add(a, 2)) // next: 4, step: 16 20
	sink = fact(3) + b // next: 6, step: 26 38
} // next: 7, step: 39

func deferred(label string) { // defers.step: 11 14 19, recovers.step: 8
	sink += len(label) // defers.step: 12 15 20, recovers.step: 9
} // defers.step: 13 16 21, recovers.step: 10

func defers() { // next: 1, step: 1
	defer deferred("one") // next: 2, step: 2
	defer func() {        // next: 3, step: 3
		sink++ // step: 17
	}() // step: 18
	for i := 0; i < 2; i++ { // next: 4 6 8, step: 4 6 8
		defer deferred("loop") // next: 5 7, step: 5 7
	}
	sink = 5 // next: 9, step: 9
} // next: 10, step: 10 22

func recovers() (err error) { // next: 1, step: 1
	defer func() { // next: 2 4, step: 2 11
		if r := recover(); r != nil { // next: 5, step: 12
			sink = len(r.(string)) // next: 6, step: 13
		}
	}() // next: 7, step: 14
	panics() // next: 3, step: 3
	sink = 6
	return nil
}

func panics() { // recovers.step: 4
	defer deferred("in panics") // recovers.step: 5
	sink = 1                    // recovers.step: 6
	panic("oh")                 // recovers.step: 7
}

func recoversNil() (n int) { // next: 1, step: 1
	defer func() { // next: 2 5, step: 2 5
		recover() // next: 6, step: 6
		n = 3     // next: 7, step: 7
	}() // next: 8, step: 8
	var p *circle // next: 3, step: 3
	n = p.r       // next: 4, step: 4
	return n
}

func closures() { // next: 1, step: 1
	n := 0                    // next: 2, step: 2
	inc := func(by int) int { // next: 3, step: 3 5 9
		n += by  // step: 6 10
		return n // step: 7 11
	}
	inc(1)                  // next: 4, step: 4
	inc(2)                  // next: 5, step: 8
	f := square{3}.area     // next: 6, step: 12
	sink = f(2)             // next: 7, step: 13 15
	g := (*circle).area     // next: 8, step: 16
	sink = g(&circle{2}, 1) // next: 9, step: 17 21
	h := square.area        // next: 10, step: 22
	sink = h(square{1}, 1)  // next: 11, step: 23 25
	func() {                // step: 27
		sink = n // step: 28
	}() // next: 12, step: 26 29
} // next: 13, step: 30

func interfaces() { // next: 1, step: 1
	for _, s := range []shape{square{2}, &circle{3}, &square{4}, wrapped{square{5}}, &wrapped{square{6}}} { // next: 2 4 6 8 10 12, step: 2 6 12 16 20 24
		sink = s.area(1) // next: 3 5 7 9 11, step: 3 5 7 11 13 15 17 19 21 23
	}
} // next: 13, step: 25

func mapped[T, U any](in []T, f func(T) U) []U { // generics.step: 3 17
	var out []U            // generics.step: 4 18
	for _, v := range in { // generics.step: 5 9 13 19 24 29
		out = append(out, f(v)) // generics.step: 6 8 10 12 20 23 25 28
	}
	return out // generics.step: 14 30
}

type pair[T any] struct{ a, b T }

func (p pair[T]) swap() pair[T] { // generics.step: 34 41
	q := pair[T]{p.b, p.a} // generics.step: 35 42
	return q               // generics.step: 36 43
}

func generics() { // next: 1, step: 1
	xs := mapped([]int{1, 2}, func(i int) string { return "xxx"[:i] }) // next: 2, step: 2 7 11 15
	ys := mapped(xs, func(s string) int {                              // next: 3, step: 16 21 26 31
		return len(s) // step: 22 27
	})
	sink = ys[0]                // next: 4, step: 32
	p := pair[int]{1, 2}.swap() // next: 5, step: 33 37
	sink = p.a                  // next: 6, step: 38
	q := pair[string]{"a", "b"} // next: 7, step: 39
	q = q.swap()                // next: 8, step: 40 44
	sink = len(q.a)             // next: 9, step: 45
} // next: 10, step: 46

func multi() (int, string, error) { // results.step: 3
	x := 1      // results.step: 4
	if x == 1 { // results.step: 5
		return add(x, 2), "two", nil // results.step: 6 10
	}
	return 0, "", nil
}

func results() { // next: 1, step: 1
	a, b, err := multi() // next: 2, step: 2 11
	sink = a + len(b)    // next: 3, step: 12
	if err != nil {      // next: 4, step: 13
		return
	}
	sink++ // next: 5, step: 14
} // next: 6, step: 15

func gotos() { // next: 1, step: 1
	i := 0 // next: 2, step: 2
again: // next: 3, step: 3
	i++        // next: 4 7 10, step: 4 7 10
	if i < 3 { // next: 5 8 11, step: 5 8 11
		goto again // next: 6 9, step: 6 9
	}
outer:
	for a := 0; a < 2; a++ { // next: 12 19 26, step: 12 19 26
		for b := 0; b < 2; b++ { // next: 13 16 20 23, step: 13 16 20 23
			if b == 1 { // next: 14 17 21 24, step: 14 17 21 24
				continue outer // next: 18 25, step: 18 25
			}
			sink += b // next: 15 22, step: 15 22
		}
	}
	x := struct { // next: 28, step: 32
		a int
		b string
	}{
		a: add(1, 1), // next: 27 29, step: 27 31 33
		b: "q",       // next: 30, step: 34
	}
	sink = x.a // next: 31, step: 35
} // next: 32, step: 36

func growing(n int) int { // grows.step: 3 8 13 18
	var buf [1024]byte    // grows.step: 4 9 14 19
	buf[n%1024] = byte(n) // grows.step: 5 10 15 20
	if n == 0 {           // grows.step: 6 11 16 21
		return int(buf[0]) // grows.step: 22
	}
	r := growing(n - 1)    // grows.step: 7 12 17 23 25 27
	return r + int(buf[1]) // grows.step: 24 26 28
}

func grows() { // next: 1, step: 1
	sink = growing(3) // next: 2, step: 2 29
	sink++            // next: 3, step: 30
} // next: 4, step: 31

func deferClosure() (n int) {
	defer func() {
		sink = n
	}()
	n = 4
	return n + 1
}

func twoDefers() { // next: 1, step: 1
	for i := 0; i < 2; i++ { // next: 2 4 6, step: 2 4 6
		defer func() { // next: 3 5, step: 3 5
			sink++ // step: 9 11
		}() // step: 10 12
	}
	sink = 1 // next: 7, step: 7
} // next: 8, step: 8 13

func nested() { // next: 1
	deferClosure() // next: 2
	twoDefers()    // next: 3
	sink = 3       // next: 4
} // next: 5

func panicAgain() {
	defer func() {
		r := recover()
		sink = len(r.(string))
	}()
	defer func() {
		panic("second")
	}()
	panic("first")
}

func panicky() { // next: 1
	panicAgain() // next: 2
	sink = 2     // next: 3
} // next: 4

func spawns() { // next: 1
	done := make(chan bool) // next: 2
	go spawned(done)        // next: 3
	<-done                  // next: 4
	go func() {             // next: 5
		sink = 2
		done <- true
	}()
	<-done   // next: 6
	sink = 3 // next: 7
} // next: 8

func spawned(done chan bool) {
	sink = 1
	done <- true
}

func main() {
	walks := map[string]func(){
		"loops": loops, "switches": switches, "calls": calls, "defers": defers, "closures": closures,
		"interfaces": interfaces, "generics": generics, "results": results, "gotos": gotos, "grows": grows,
		"nested": nested, "twoDefers": twoDefers, "panicky": panicky, "spawns": spawns,
		"recovers":    func() { recovers(); sink = 1 },    // recovers.next: 8, recovers.step: 15
		"recoversNil": func() { recoversNil(); sink = 1 }, // recoversNil.next: 9, recoversNil.step: 9
	}
	walks[os.Args[1]]()
	fmt.Println("done") // stop: walked
}
