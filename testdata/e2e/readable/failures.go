package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

type unknownError struct{ code int }

func (unknownError) Error() string { return "unknown" }

func recovered(f func()) (caught error) {
	defer func() { caught, _ = recover().(error) }()
	f()
	return nil
}

func failures() {
	var none error
	plain := errors.New("out of \"luck\"\n")          // = "out of \"luck\"\n"
	long := errors.New(strings.Repeat("long ", 20))   // = "long long long long long long long long long long long long long...+36 more"
	end := io.EOF                                     // = "EOF"
	wrapped := fmt.Errorf("reading: %w", plain)       // = "reading: out of \"luck\"\n"
	_, missing := os.Open("/does/not/exist")          // = "open /does/not/exist: no such file or directory"
	rename := os.Rename("/does/not/exist", "/new")    // = "rename /does/not/exist /new: no such file or directory"
	number := syscall.ENOENT                          // = "no such file or directory"
	odd := syscall.Errno(4000)                        // = "errno 4000"
	call := os.NewSyscallError("open", syscall.EPERM) // = "open: operation not permitted"
	var addr net.Addr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}
	var source net.Addr = &net.TCPAddr{IP: net.IPv6loopback, Port: 1234}
	var network error = &net.OpError{Op: "dial", Net: "tcp", Addr: addr, Err: call}                                   // = "dial tcp 127.0.0.1:80: open: operation not permitted"
	var between error = &net.OpError{Op: "read", Net: "tcp", Source: source, Addr: addr, Err: os.ErrDeadlineExceeded} // = "read tcp [::1]:1234->127.0.0.1:80: i/o timeout"
	var lookup error = &net.DNSError{Err: "no such host", Name: "nowhere", Server: "10.0.0.1:53"}                     // = "lookup nowhere on 10.0.0.1:53: no such host"
	_, syntax := strconv.Atoi("4 2")                                                                                  // = "strconv.Atoi: parsing \"4 2\": invalid syntax"
	var request error = &url.Error{Op: "Get", URL: "http://x", Err: io.EOF}                                           // = "Get \"http://x\": EOF"
	deadline := context.DeadlineExceeded                                                                              // = "context deadline exceeded"
	malformed := json.Unmarshal([]byte("{"), new(int))                                                                // = "unexpected end of JSON input"
	_, lost := exec.LookPath("no-such-program")                                                                       // = "exec: \"no-such-program\": executable file not found in $PATH"
	exit := exec.Command("false").Run()                                                                               // = "exit status 1"
	var unknown error = unknownError{3}
	var half error = &os.PathError{Op: "open", Path: "x", Err: unknown} // = "open x: <main.unknownError>"
	zero, list := 0, []int{1, 2, 3}
	index := recovered(func() { zero = list[len(list)+2] })                 // = "runtime error: index out of range [5] with length 3"
	slice := recovered(func() { list = list[-zero-1+4:]; list = list[:9] }) // = "runtime error: slice bounds out of range [:9] with capacity 0"
	divided := recovered(func() { zero /= zero })                           // = "runtime error: integer divide by zero"
	asserted := recovered(func() { _ = addr.(*net.UDPAddr) })               // = "interface conversion: net.Addr is *net.TCPAddr, not *net.UDPAddr"
	fmt.Println("failures")                                                 // stop: failures
	keep(none, plain, long, end, wrapped, missing, rename, number, odd, call, network, between, lookup, syntax)
	keep(request, deadline, malformed, lost, exit, unknown, half, index, slice, divided, asserted, zero, list, source)
}
