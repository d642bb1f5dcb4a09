package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// until waits for what another goroutine is about to do.
func until(done func() bool) {
	for !done() {
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
}

// asleep counts the goroutines that wait for a lock or a condition.
func asleep(what string) int {
	buf := make([]byte, 1<<16)
	text := string(buf[:runtime.Stack(buf, true)])
	count := 0
	for i := 0; i+len(what) <= len(text); i++ {
		if text[i:i+len(what)] == what {
			count++
		}
	}
	return count
}

func locks() {
	var free sync.Mutex // = unlocked
	var held sync.Mutex // = locked
	held.Lock()
	var busy sync.Mutex // = locked, 2 waiters
	busy.Lock()
	for i := 0; i < 2; i++ {
		go busy.Lock()
	}
	until(func() bool { return asleep("\nsync.(*Mutex).Lock(") == 2 })
	var open sync.RWMutex // = unlocked
	var read sync.RWMutex // = locked by 2 readers
	read.RLock()
	read.RLock()
	var written sync.RWMutex // = locked by a writer
	written.Lock()
	var wanted sync.RWMutex // = locked by 1 reader, a writer waits
	wanted.RLock()
	go wanted.Lock()
	until(func() bool { return asleep("\nsync.(*RWMutex).Lock(") == 1 })
	var group sync.WaitGroup // = counter 3
	group.Add(3)
	var once sync.Once // = done
	once.Do(func() {})
	var never sync.Once              // = not done
	condition := sync.NewCond(&free) // = 1 waiter
	go func() {
		free.Lock()
		condition.Wait()
	}()
	until(func() bool { return asleep("\nsync.(*Cond).Wait(") == 1 })
	var few sync.Map // = 2 entries
	few.Store("a", 1)
	few.Store("b", 2)
	few.Store("c", 3)
	few.Delete("c")
	var many sync.Map // = 500 entries
	for i := 0; i < 500; i++ {
		many.Store(i, i)
	}
	var nothing sync.Map // = empty
	var ranged sync.Map  // = 1 entry
	ranged.Store(1, 2)
	ranged.Store(2, 3)
	ranged.Range(func(key, value interface{}) bool { return true })
	ranged.Delete(1)
	var pool sync.Pool
	pool.Put(new(int))
	var waits int32
	atomic.AddInt32(&waits, 1)
	fmt.Println("locks") // stop: locks
	keep(&free, &held, &busy, &open, &read, &written, &wanted, &group, &once, &never, condition, &few, &many)
	keep(&nothing, &ranged, &pool, waits)
}
