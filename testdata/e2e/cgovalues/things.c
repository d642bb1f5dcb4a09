#include "things.h"

#include <stdlib.h>
#include <string.h>

const char *greetings[3] = {"hello", "bonjour", 0};
static int numbers[4] = {10, 20, 30, 40};
static int hidden = 77;
_Thread_local int per_thread = 9;

int add(int a, int b) { return a + b; }

struct everything global = {
	.letter = 'c', .small = -3, .byte = 200, .s = -300, .l = 1L << 40, .ull = 1ULL << 63, .f = 1.5f, .d = -2.25,
	.yes = true, .name = "name", .text = "a text", .raw = &numbers, .numbers = numbers,
	.op = add, .color = GREEN, .lv = BOTH, .fixed = 11, .grid = {{1, 2, 3}, {4, 5, 6}}, .z = 1.0,
};

struct everything *everything(void) { return &global; }

int work(struct everything *e, point p, const char *text, int n) {
	union word w = {.real = 1.0f};
	struct flags f = {.ready = 1, .mode = 5, .delta = -2, .wide = 1ULL << 32, .on = 1};
	struct nested ne = {.kind = 1, .number = 0x20001, .named = {'t'}, .points = {{1, 2}, {3, 4}}};
	struct flexible *fl = malloc(sizeof *fl + 3 * sizeof(int));
	fl->count = 3;
	for (int i = 0; i < 3; i++) {
		fl->items[i] = i * i;
	}
	operation op = add;
	long double longer = 3.5L;
	__int128 huge = ((__int128)1 << 100) + 7;
	unsigned __int128 positive = ~(unsigned __int128)0;
	char buffer[16];
	strcpy(buffer, "in the buffer");
	const char **strings = greetings;
	int variable[n];
	variable[0] = n;
	register int sum = op(p.x, p.y) + e->l + w.whole + hidden + per_thread;
	sum += (int)longer + (int)huge + (int)positive;
	sum += f.mode + ne.kind + buffer[0] + variable[0] + strings[0][0]; // stop: C frame
	free(fl);
	return shadow(sum);
}

int shadow(int n) {
	int x = n + 1;
	{
		int x = 2;
		n += x; // stop: C block
	}
	return n + x;
}
