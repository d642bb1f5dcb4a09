#include <stdarg.h>
#include "shapes.h"

struct pair { long first, second; };

static inline struct pair both(long v) {
	struct pair p = { clamp(v, 10), v * 3 };
	return p;
}

static inline long total_of(const struct pair *p) {
	long first = p->first;
	return first + p->second;
}

int blob_area(const struct shape *shape, ...) {
	va_list list;
	va_start(list, shape);
	int extra = va_arg(list, int);
	va_end(list);
	return (int)shape->wide + extra;
}

__attribute__((noinline)) static long heavy(struct node *n, long depth) {
	const long bonus = 17;
	struct pair p = both(n->weight + depth);
	long result = total_of(&p);
	for (struct node *at = n->next; at; at = at->next)
		result += at->weight + bonus;
	return result;
}

long weigh(shape_ref shape, struct node *nodes, int count) {
	long total = shape->area(shape, count);
	for (int i = 0; i < count; i++) {
		long step = clamp(nodes[i].weight, 100);
		total += step * heavy(&nodes[i], i);
	}
	return total;
}
