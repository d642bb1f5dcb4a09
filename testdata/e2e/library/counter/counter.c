static int total;

static int add(int by) {
	int sum = total + by;
	total = sum; // stop: add
	return sum;
}

int counter_add(int by) {
	return add(by);
}
