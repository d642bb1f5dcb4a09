package main

import "testing"

func TestFactorial(t *testing.T) {
	if factorial(4) != 24 {
		t.Fatal("wrong")
	}
}
