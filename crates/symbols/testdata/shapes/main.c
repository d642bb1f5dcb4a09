// A C program whose debug information is read in every form that compilers and linkers give it.
#include <stdio.h>
#include "shapes.h"

static struct node nodes[3] = { { &nodes[1], 5 }, { &nodes[2], 70 }, { 0, 900 } };
static shape_t blob = { .kind = BLOB, .layer = 3, .name = "blob", .area = blob_area, .first = nodes };
long grand_total = 4;
__thread int per_thread = 1;

__attribute__((noinline)) static long passed(long a, struct node *n, long unused) {
	int a_line = __LINE__;
	{
		long a = n->weight * 2; // shadows the parameter
		grand_total += a;
	}
	return clamp(a, 50) + a_line;
}

int main(int argc, char **argv) {
	double ratio = argc * 1.5;
	long sum = weigh(&blob, nodes, 3);
	sum += passed(sum, &nodes[argc], 12);
	printf("%ld %ld %d %f %s\n", sum, grand_total, per_thread, ratio, argv[0] ? "ok" : "");
	return 0;
}
