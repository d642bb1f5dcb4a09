// Package tested is a library with a test, to be debugged as a test binary.
package tested

// Clamp returns n, or the nearer end of the range if n lies outside.
func Clamp(n, low, high int) int {
	if n < low {
		return low // stop: low
	}
	if n > high {
		return high // stop: high
	}
	return n
}
