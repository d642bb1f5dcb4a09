#pragma GCC optimize("O2")
#include "things.h"

#include <string.h>

static volatile int sink;

__attribute__((noinline)) static int last(int n, const char *text) {
	sink = n;
	return sink + (int)strlen(text); // stop: C optimised, last
}

static inline int inlined(int a, int b) {
	int product = a * b;
	sink = product; // stop: C inlined
	return product;
}

__attribute__((noinline)) static int middle(int a, point *p, double ratio) {
	point local = {a, a * 2};
	sink = local.x;
	int result = last(a, "constant");
	sink = local.y;
	return result + (int)ratio + p->x;
}

int optimized(int a, int b, const char *text) {
	point here = {a, b};
	int kept = a + b;
	int result = middle(kept, &here, 2.5) + inlined(a, b);
	return result + kept + here.y + last(b, text);
}
