package main

import (
	"bytes"
	"container/list"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
)

func texts() {
	buffer := bytes.NewBufferString("read unread\n") // = "unread\n"
	buffer.Next(5)
	var builder strings.Builder // = "built"
	builder.WriteString("built")
	reader := strings.NewReader("0123456789") // = "3456789"
	reader.Seek(3, 0)
	raw := json.RawMessage(`{"a": [1, "x"]}`)   // = {"a": [1, "x"]}
	expression := regexp.MustCompile(`^a+\.b$`) // = ^a+\.b$
	input := os.Stdin                           // = "/dev/stdin", fd 0
	closed, _ := os.Open("/dev/null")           // = "/dev/null", closed
	closed.Close()
	items := list.New() // = 3 elements: 1, "two", main.names {...}
	items.PushBack(1)
	items.PushBack("two")
	items.PushBack(names{"x", 3})
	nothing := list.New() // = 0 elements
	fmt.Println("texts")  // stop: texts
	keep(buffer, &builder, reader, raw, expression, input, closed, items, nothing)
}
