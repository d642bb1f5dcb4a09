// Children, replaced programs and a main thread that leaves early, by name of the case.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long calls;
__attribute__((noinline)) void tick(long n) { __atomic_add_fetch(&calls, n, __ATOMIC_SEQ_CST); }

static char *self;

static int child_status(pid_t child) {
	int status;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static void *run_exec(void *unused) {
	execl(self, self, "exit", "9", (char *)0);
	return 0;
}

static void *run_ticks(void *unused) {
	execl(self, self, "ticks", "30", (char *)0);
	return 0;
}

static int share(void *unused) {
	for (int i = 0; i < 100; i++) tick(1);
	return 5;
}

static void *idle(void *unused) {
	for (;;) pause();
}

static void *outlive(void *unused) {
	usleep(20000);
	tick(1);
	exit(calls == 1 ? 7 : 1);
}

int main(int argc, char **argv) {
	pthread_t id;
	self = argv[0];
	if (!strcmp(argv[1], "exit")) return atoi(argv[2]);
	if (!strcmp(argv[1], "fork")) {
		for (int i = 0; i < 20; i++) {
			pid_t child = fork();
			if (child == 0) {
				for (int n = 0; n < 5; n++) tick(1);
				_exit(calls == 5 + i ? 0 : 1);
			}
			if (child_status(child)) return 2;
			tick(1);
		}
		return calls == 20 ? 7 : 1;
	}
	if (!strcmp(argv[1], "vfork")) {
		pid_t child = vfork();
		if (child == 0) {
			execl(self, self, "exit", "5", (char *)0);
			_exit(1);
		}
		tick(1);
		return child_status(child) == 5 ? 7 : 1;
	}
	if (!strcmp(argv[1], "spawn")) {
		// Three children that tick and exit with 7, made in three ways; the last by a thread of a child.
		int sum = 0;
		pid_t child = fork();
		if (child == 0) execl(self, self, "ticks", "10", (char *)0);
		sum += child_status(child);
		child = vfork();
		if (child == 0) {
			tick(1);
			execl(self, self, "ticks", "20", (char *)0);
		}
		sum += child_status(child);
		child = fork();
		if (child == 0) {
			pthread_create(&id, 0, run_ticks, 0);
			for (;;) pause();
		}
		tick(1);
		sum += child_status(child);
		return sum == 21 ? 7 : 1;
	}
	if (!strcmp(argv[1], "shared")) {
		// A process of its own in the same memory.
		static char stack[65536] __attribute__((aligned(16)));
		pid_t child = clone(share, stack + sizeof stack, CLONE_VM | SIGCHLD, 0);
		if (child_status(child) != 5) return 1;
		tick(1);
		return calls == 101 ? 7 : 1;
	}
	if (!strcmp(argv[1], "ticks")) {
		int count = atoi(argv[2]);
		for (int i = 0; i < count; i++) tick(1);
		return calls == count ? 7 : 1;
	}
	if (!strcmp(argv[1], "exec")) {
		for (int i = 0; i < 4; i++) pthread_create(&id, 0, idle, 0);
		pthread_create(&id, 0, run_exec, 0);
		for (;;) pause();
	}
	if (!strcmp(argv[1], "leader")) {
		pthread_create(&id, 0, outlive, 0);
		pthread_exit(0);
	}
	if (!strcmp(argv[1], "fault")) {
		tick(1);
		*(volatile int *)16 = 1;
	}
	if (!strcmp(argv[1], "trap")) {
		__asm__ volatile("int3");
		return 7;
	}
	if (!strcmp(argv[1], "idle")) {
		for (int i = 0; i < 4; i++) pthread_create(&id, 0, idle, 0);
		idle(0);
	}
	return 1;
}
