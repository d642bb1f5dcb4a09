//go:build go1.23

package main

import "fmt"

func init() {
	extra = append(extra, func() {
		stop := make(chan int)
		id := blocked(func() {
			defer deferred1()
			for i := range func(yield func(int) bool) { _ = yield(1) && yield(2) } {
				if i > 0 {
					defer deferred2()
				}
			}
			<-stop
		})
		fmt.Fprintf(out, "rangedefers %s %d %d %d\n", id, pc(deferred2), pc(deferred2), pc(deferred1))
	})
}
