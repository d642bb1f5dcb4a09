// Threads that live for one call of tick each, by the batch.
#include <pthread.h>
#include <stdlib.h>

static long calls;
__attribute__((noinline)) void tick(long n) { __atomic_add_fetch(&calls, n, __ATOMIC_SEQ_CST); }
static void *work(void *unused) { tick(1); return 0; }

int main(int argc, char **argv) {
	long batches = atol(argv[1]);
	pthread_t ids[8];
	for (long b = 0; b < batches; b++) {
		for (int i = 0; i < 8; i++) pthread_create(&ids[i], 0, work, 0);
		for (int i = 0; i < 8; i++) pthread_join(ids[i], 0);
	}
	return calls == batches * 8 ? 7 : 1;
}
