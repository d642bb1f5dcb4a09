//go:build go1.20

package main

import (
	"errors"
	"fmt"
	"io"
)

func init() {
	newer = append(newer, joins)
}

func joins() {
	both := errors.Join(io.EOF, errors.New("other")) // = "EOF\nother"
	wrapped := fmt.Errorf("%w and %w", io.EOF, both) // = "EOF and EOF\nother"
	fmt.Println("joins")                             // stop: joins
	keep(both, wrapped)
}
