#include "work.h"

static int c_sum(struct point *p) {
	int sum = p->x + p->y;
	return sum; // stop: sum
}

int c_work(struct point *p, int scale) {
	int sum = c_sum(p);
	return sum * scale; // stop: scale
}
