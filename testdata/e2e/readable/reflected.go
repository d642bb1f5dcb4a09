package main

import (
	"errors"
	"fmt"
	"reflect"
	"time"
)

func reflected() {
	number := reflect.ValueOf(5)                     // = int(5)
	text := reflect.ValueOf("five")                  // = string("five")
	pointer := reflect.ValueOf(&names{"a", 1})       // = (*main.names)(0x
	field := reflect.ValueOf(names{"a", 1}).Field(1) // = int(1)
	wait := reflect.ValueOf(time.Second)             // = time.Duration(1s)
	failure := reflect.ValueOf(errors.New("failed")) // = *errors.errorString("failed")
	var invalid reflect.Value                        // = <invalid Value>
	typ := reflect.TypeOf(names{})                   // = main.names
	slices := reflect.TypeOf([]error{})              // = []error
	fmt.Println("reflected")                         // stop: reflected
	keep(number, text, pointer, field, wait, failure, invalid, typ, slices)
}
