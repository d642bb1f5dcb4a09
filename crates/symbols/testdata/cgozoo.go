// C types, variables and functions, seen from Go.
package main

/*
#include <stdint.h>
#include <stdio.h>
#include <stddef.h>

enum color { RED, GREEN = 5, BLUE = 200, NEGATIVE = -3 };
typedef union { int i; double d; char bytes[16]; } mixed;
struct point { int x, y; };
struct bits {
	unsigned a : 3;
	unsigned b : 7;
	int c : 9;
	uint64_t d : 40;
	struct point p;
	union { short s; char t; };
	const char *name;
	volatile long v;
	int grid[3][5];
	int (*fn)(int, char *);
	enum color col;
	struct bits *next;
	void *any;
	float f;
	_Bool ok;
};

struct bits the_bits = { .a = 1, .name = "bits" };
static int hidden = 3;

static inline int twice(int v) { return v * 2 + hidden; }

__attribute__((noinline)) int c_leaf(int depth, struct bits *b) {
	int local = depth + b->a;
	{
		long inner = local * 3L;
		local += (int)inner;
	}
	return twice(local);
}

__attribute__((noinline)) int c_outer(int depth) {
	return c_leaf(depth + 1, &the_bits) + 1;
}

#define SHOW(f) printf("field\t%s\t%zu\t%zu\n", #f, offsetof(struct bits, f), sizeof(the_bits.f))
void show(void) {
	SHOW(p); SHOW(name); SHOW(v); SHOW(grid); SHOW(fn); SHOW(col); SHOW(next); SHOW(any); SHOW(f); SHOW(ok);
	printf("size\t%zu\n", sizeof(struct bits));
	printf("outer\t%d\n", c_outer(2));
	fflush(stdout);
}
*/
import "C"

var theMixed C.mixed

func main() {
	C.show()
	theMixed[0]++
	println(theMixed[0])
}
