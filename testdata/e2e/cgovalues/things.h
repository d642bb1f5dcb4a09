#include <stdbool.h>
#include <stdint.h>

enum color { RED, GREEN = 5, BLUE };
typedef enum { LOW = 1, HIGH = 2, BOTH = 3 } level;

typedef int number;
typedef struct point {
	int x, y;
} point;

union word {
	uint32_t whole;
	uint8_t bytes[4];
	float real;
};

struct flags {
	unsigned ready : 1;
	unsigned mode : 3;
	int delta : 4;
	unsigned long long wide : 33;
	_Bool on : 1;
};

struct nested {
	int kind;
	union {
		int number;
		struct {
			short low, high;
		};
	};
	struct {
		char tag;
	} named;
	point points[2];
};

struct flexible {
	int count;
	int items[];
};

typedef int (*operation)(int, int);

struct everything {
	char letter;
	signed char small;
	unsigned char byte;
	short s;
	long l;
	unsigned long long ull;
	float f;
	double d;
	bool yes;
	char name[8];
	const char *text;
	void *raw;
	int *numbers;
	operation op;
	enum color color;
	level lv;
	struct everything *next;
	const volatile int fixed;
	int grid[2][3];
	double _Complex z;
};

extern struct everything global;
extern const char *greetings[3];
extern _Thread_local int per_thread;

int work(struct everything *e, point p, const char *text, int n);
struct everything *everything(void);
int add(int a, int b);
int shadow(int n);
int optimized(int a, int b, const char *text);
