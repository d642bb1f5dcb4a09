struct point {
	int x, y;
};

int c_work(struct point *p, int scale);
