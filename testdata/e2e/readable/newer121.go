//go:build go1.21

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

func init() {
	newer = append(newer, logs)
}

func logs() {
	level := slog.LevelInfo + 2 // = INFO+2
	var variable slog.LevelVar  // = WARN
	variable.Set(slog.LevelWarn)
	number := slog.IntValue(-5)                                    // = -5
	unsigned := slog.Uint64Value(1<<64 - 1)                        // = 18446744073709551615
	text := slog.StringValue("text")                               // = "text"
	wait := slog.DurationValue(time.Second)                        // = 1s
	float := slog.Float64Value(0.25)                               // = 0.25
	flag := slog.BoolValue(true)                                   // = true
	when := slog.TimeValue(time.Unix(1700000000, 0))               // = 2023-11-14T22:13:20Z
	any := slog.AnyValue(names{"a", 1})                            // = main.names {...}
	attribute := slog.Int("count", 3)                              // = count=3
	group := slog.Group("g", "a", 1, "b", "two")                   // = g=[a=1 b="two"]
	cause, cancel := context.WithCancelCause(context.Background()) // = context.Background.WithCancel(canceled)
	cancel(errors.New("because"))
	without := context.WithoutCancel(cause) // = context.Background.WithCancel(canceled).WithoutCancel
	fmt.Println("logs")                     // stop: logs
	keep(level, &variable, number, unsigned, text, wait, float, flag, when, any, attribute, group, cause, without)
}
