// THREADS threads call tick ROUNDS times each, while one more only counts. Exits with 7 if no call was lost.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static long calls;
static volatile int done;

__attribute__((noinline)) void tick(long n) { __atomic_add_fetch(&calls, n, __ATOMIC_SEQ_CST); }

static void *work(void *rounds) {
	for (long i = 0; i < (long)rounds; i++) tick(1);
	return 0;
}

static void *busy(void *unused) {
	static volatile long counter;
	while (!done) counter++;
	return 0;
}

int main(int argc, char **argv) {
	long threads = atol(argv[1]), rounds = atol(argv[2]);
	pthread_t ids[64], other;
	pthread_create(&other, 0, busy, 0);
	for (long i = 0; i < threads; i++) pthread_create(&ids[i], 0, work, (void *)rounds);
	for (long i = 0; i < threads; i++) pthread_join(ids[i], 0);
	done = 1;
	pthread_join(other, 0);
	return calls == threads * rounds ? 7 : 1;
}
