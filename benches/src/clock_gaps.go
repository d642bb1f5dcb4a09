package main

import (
	"fmt"
	"os"
	"time"
)

// Added to a large program: with ADIT_CLOCK_GAPS in its environment it does nothing but look at the clock, and tells of
// each time it was kept from that for half a millisecond: when it last looked, and for how long, in nanoseconds.
func init() {
	if os.Getenv("ADIT_CLOCK_GAPS") == "" {
		return
	}
	fmt.Println("ready")
	for last := time.Now().UnixNano(); ; {
		now := time.Now().UnixNano()
		if now-last > 500_000 {
			fmt.Println("gap", last, now-last, ".")
		}
		last = now
	}
}
