// Threads that compute for ever and check what they compute, and themselves: a changed register, instruction or
// lost signal shows. Prints a line for each million rounds; ends with 7 on SIGTERM if all was well.
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile int stop, bad;
static volatile long progress;
__attribute__((noinline)) uint64_t tick(uint64_t n) {
	__asm__ volatile("" : "+r"(n)); // Not to be computed once for all.
	return n * 6364136223846793005u + 1442695040888963407u;
}

static uint64_t round_of(uint64_t seed) {
	for (int i = 0; i < 1000; i++) seed = tick(seed);
	return seed;
}

static void *work(void *seed) {
	uint64_t want = round_of((uint64_t)seed);
	while (!stop) {
		if (round_of((uint64_t)seed) != want) bad = 1;
		progress++;
		usleep(100);
	}
	return 0;
}

static void on_term(int signal) { stop = 1; }

int main(void) {
	pthread_t ids[16];
	signal(SIGTERM, on_term);
	for (uintptr_t i = 0; i < 16; i++) pthread_create(&ids[i], 0, work, (void *)(i + 1));
	printf("ready\n");
	fflush(stdout);
	for (int i = 0; i < 16; i++) pthread_join(ids[i], 0);
	return bad ? 1 : 7;
}
