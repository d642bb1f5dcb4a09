package tested

import (
	"os"
	"testing"
)

func TestClamp(t *testing.T) {
	if _, err := os.Stat("tested.go"); err != nil { // stop: directory
		t.Fatal(err)
	}
	for _, c := range []struct{ n, want int }{{-1, 0}, {5, 5}, {11, 10}} {
		if got := Clamp(c.n, 0, 10); got != c.want { // stop: case
			t.Errorf("Clamp(%d) = %d, want %d", c.n, got, c.want)
		}
	}
}
