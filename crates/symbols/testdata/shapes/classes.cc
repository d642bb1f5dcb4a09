// C++ of the plain kind: namespaces, references, base classes, methods, templates.
#include <cstdio>

namespace geo {
namespace flat {
struct point {
	int x, y;
	int sum() const { return x + y; }
};
}

class base {
public:
	explicit base(long id) : id(id) {}
	virtual ~base() {}
	virtual long cost(const flat::point &at) const;
	static int made;
	enum class level : unsigned char { low = 1, high = 200 } grade = level::high;
protected:
	long id;
};

class derived : public base, private flat::point {
public:
	derived(long id, flat::point &&where) : base(id), flat::point(where) {}
	long cost(const flat::point &at) const override;
	template <typename T> struct holder { T kept; };
	holder<short> inner{3};
};

int base::made = 2;
long base::cost(const flat::point &at) const { return id + at.sum(); }
long derived::cost(const flat::point &at) const {
	const auto &self = static_cast<const flat::point &>(*this);
	return base::cost(self) * inner.kept + at.y;
}
long limits[4] = { 1, 2, 3, 4 };
}

using namespace geo;
derived the_derived(5, flat::point{1, 2});

int main() {
	flat::point at = { 3, 4 };
	base &reference = the_derived;
	std::printf("%ld\n", reference.cost(at) + base::made + limits[1]);
}
