// Go calls C, which calls Go, which calls C.
package main

/*
#cgo CFLAGS: -O2 -g
#include <pthread.h>
#include <unistd.h>

extern int goCallback(int);

static __thread int local[40];

static __attribute__((noinline)) int c_inner(int n) { local[n & 31] = n; return goCallback(n) + 1 + local[n & 31]; }
static __attribute__((noinline)) int c_outer(int n) { return c_inner(n) * 2; }

static void *c_waits(void *unused) { for (;;) pause(); return unused; }
static void c_thread(void) { pthread_t thread; pthread_create(&thread, 0, c_waits, 0); }

static __attribute__((noinline)) void c_pauses(void) { for (;;) pause(); }

static void *c_calls_go(void *unused) { c_outer(3); return unused; }
static void c_thread_calls_go(void) {
	pthread_t thread;
	pthread_create(&thread, 0, c_calls_go, 0);
	pthread_join(thread, 0);
}
*/
import "C"

import "time"

//export goCallback
func goCallback(n C.int) C.int {
	if n > 1 {
		return deeper(n)
	}
	return innermost(n)
}

//go:noinline
func deeper(n C.int) C.int { return C.c_outer(n - 1) }

//go:noinline
func innermost(n C.int) C.int {
	return n // stop: innermost
}

func pauses() { C.c_pauses() }

func main() {
	C.c_thread()
	go pauses()
	time.Sleep(10 * time.Millisecond)
	C.c_outer(2)
	C.c_thread_calls_go()
}
