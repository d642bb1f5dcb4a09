package main

import (
	"io/fs"
	"net"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// These have their values before the program begins.
var (
	staticWait    = 1500 * time.Millisecond                                 // static: 1.5s
	staticMonth   = time.May                                                // static: May
	staticIP      = net.IP{10, 0, 0, 1}                                     // static: 10.0.0.1
	staticURL     = url.URL{Scheme: "https", Host: "go.dev", Path: "/x y"}  // static: https://go.dev/x%20y
	staticUUID    = UUID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} // static: 01020304-0506-0708-090a-0b0c0d0e0f00
	staticErrno   = syscall.ENOENT                                          // static: no such file or directory
	staticFailure = fs.PathError{Op: "open", Path: "x", Err: syscall.EPERM} // static: open x: operation not permitted
	staticLock    sync.RWMutex                                              // static: unlocked
	staticGroup   sync.WaitGroup                                            // static: counter 0
	staticZone    = time.UTC                                                // static: UTC
)

func init() {
	keep(&staticWait, &staticMonth, &staticIP, &staticURL, &staticUUID, &staticErrno, &staticFailure)
	keep(&staticLock, &staticGroup, &staticZone)
}
