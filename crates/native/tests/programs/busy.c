// Threads that never stop calling one function and writing one variable, and check what they compute. A trap that
// nobody takes ends it with 9, as it ends a Go program. Ends with 7 on SIGTERM if all was well.
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

volatile long watched;
static volatile int stop, bad;

__attribute__((noinline)) uint64_t tick(uint64_t n) {
	watched = n;
	return n * 6364136223846793005u + 1442695040888963407u;
}

static uint64_t round_of(uint64_t seed) {
	for (int i = 0; i < 50; i++) seed = tick(seed);
	return seed;
}

static void *work(void *seed) {
	uint64_t want = round_of((uint64_t)seed);
	while (!stop)
		if (round_of((uint64_t)seed) != want) bad = 1;
	return 0;
}

static void on_term(int signal) { stop = 1; }
static void on_trap(int signal) { _exit(9); }

int main(void) {
	pthread_t ids[3];
	signal(SIGTERM, on_term);
	signal(SIGTRAP, on_trap);
	for (uintptr_t i = 0; i < 3; i++) pthread_create(&ids[i], 0, work, (void *)(i + 1));
	printf("ready\n");
	fflush(stdout);
	for (int i = 0; i < 3; i++) pthread_join(ids[i], 0);
	return bad ? 1 : 7;
}
