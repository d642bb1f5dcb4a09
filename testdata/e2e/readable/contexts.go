package main

import (
	"context"
	"fmt"
	"time"
)

type key string

func contexts() {
	background := context.Background()                         // = context.Background
	todo := context.TODO()                                     // = context.TODO
	value := context.WithValue(background, key("user"), "ada") // = context.Background.WithValue(main.key("user"): "ada")
	cancelled, cancel := context.WithCancel(value)             // = context.Background.WithValue(main.key("user"): "ada").WithCancel(canceled)
	cancel()
	limited, stop := context.WithDeadline(todo, time.Date(2222, 2, 3, 4, 5, 6, 0, time.UTC))     // = context.TODO.WithDeadline(2222-02-03T04:05:06Z)
	over, stopOver := context.WithDeadline(limited, time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)) // = context.TODO.WithDeadline(2222-02-03T04:05:06Z).WithDeadline(2020-02-03T04:05:06Z, deadline exceeded)
	fmt.Println("contexts")                                                                      // stop: contexts
	keep(background, todo, value, cancelled, limited, over)
	stop()
	stopOver()
}
