package main

import (
	"fmt"
	"time"
)

func times() {
	short := 1500 * time.Millisecond       // = 1.5s
	long := 26*time.Hour + 3*time.Second   // = 26h0m3s
	tiny := 1500 * time.Nanosecond         // = 1.5µs
	none := time.Duration(0)               // = 0s
	back := -time.Minute - time.Nanosecond // = -1m0.000000001s
	utc := time.UTC                        // = UTC
	local := time.Local                    // = Local
	zone := time.FixedZone("CET", 3600)    // = CET
	waits := []time.Duration{time.Second, 2 * time.Millisecond}
	fmt.Println("times") // stop: times
	keep(short, long, tiny, none, back, utc, local, zone, waits)
}
