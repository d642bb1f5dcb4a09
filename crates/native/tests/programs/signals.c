// A storm of queued real-time signals, with values, at a thread that also calls tick; every value must come once and
// in order. Exits with 7 if so.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile long received, wrong, urgent, done;
__attribute__((noinline)) void tick(void) { __asm__ volatile("" ::: "memory"); }

static void on_value(int signal, siginfo_t *info, void *context) {
	if (info->si_code != SI_QUEUE || info->si_value.sival_int != received) wrong++;
	received++;
}
static void on_urgent(int signal) { urgent++; }

static void *work(void *unused) {
	while (!done) tick();
	return 0;
}

int main(int argc, char **argv) {
	long count = atol(argv[1]);
	struct sigaction action;
	memset(&action, 0, sizeof action);
	action.sa_sigaction = on_value;
	action.sa_flags = SA_SIGINFO | SA_RESTART;
	sigaction(SIGRTMIN + 3, &action, 0);
	signal(SIGURG, on_urgent);
	pthread_t worker;
	pthread_create(&worker, 0, work, 0);
	for (long i = 0; i < count; i++) {
		union sigval value = {.sival_int = i};
		while (pthread_sigqueue(worker, SIGRTMIN + 3, value) != 0) sched_yield();
		long before = urgent;
		pthread_kill(worker, SIGURG);
		while (urgent == before) sched_yield();
	}
	while (received < count) sched_yield();
	done = 1;
	pthread_join(worker, 0);
	return wrong ? 2 : urgent != count ? 3 : 7;
}
