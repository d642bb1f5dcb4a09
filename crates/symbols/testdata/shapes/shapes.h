// What both units of the program share.
#include <stdint.h>

enum kind { CIRCLE, SQUARE = 7, BLOB = -2 };

struct node {
	struct node *next;
	long weight;
};

struct shape {
	enum kind kind;
	unsigned visible : 1;
	unsigned layer : 12;
	int64_t wide : 37;
	union {
		double radius;
		struct { float w, h; };
	};
	const char *const name;
	int (*area)(const struct shape *, ...);
	volatile struct node *first;
	uint8_t tail[];
};

typedef struct shape shape_t;
typedef const shape_t *shape_ref;

extern long grand_total;
extern __thread int per_thread;

static inline long clamp(long value, long high) {
	if (value > high) {
		long over = value - high;
		per_thread += (int)over;
		return high;
	}
	return value;
}

long weigh(shape_ref shape, struct node *nodes, int count);
int blob_area(const struct shape *shape, ...);
