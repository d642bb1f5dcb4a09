// Command orders is a small coffee bar: baristas take orders from a queue, make drinks at the same time, and
// share one stock of beans and milk. One order cannot be filled.
package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"sync"
)

func main() {
	bar := NewBar(map[Ingredient]int{Beans: 60, Milk: 620})
	orders := []Order{
		{1, "Ada", Espresso},
		{2, "Grace", Latte},
		{3, "Alan", Cappuccino},
		{4, "Barbara", Latte},
		{5, "Edsger", Espresso},
		{6, "Donald", Latte},
	}

	served, failed := Serve(bar, orders, 3)
	for _, cup := range Sorted(served, func(a, b Cup) bool { return a.Order.Number < b.Order.Number }) {
		fmt.Println(cup)
	}
	for _, err := range failed {
		var shortage *ShortageError
		if errors.As(err, &shortage) {
			fmt.Printf("sorry, %s: %v\n", shortage.Customer, err) // stop: shortage
		}
	}
	fmt.Println("left over:", bar.Stock) // stop: closing time
	if len(failed) != 1 {
		os.Exit(1)
	}
}

// Serve has the orders made by a number of baristas at once.
func Serve(bar *Bar, orders []Order, baristas int) (served []Cup, failed []error) {
	queue := make(chan Order)
	results := make(chan Result)

	var staff sync.WaitGroup
	for id := 1; id <= baristas; id++ {
		staff.Add(1)
		go barista(id, bar, queue, results, &staff)
	}
	go func() {
		for _, order := range orders {
			queue <- order
		}
		close(queue)
		staff.Wait()
		close(results)
	}()

	for result := range results {
		if result.Err != nil {
			failed = append(failed, result.Err)
			continue
		}
		served = append(served, result.Cup) // stop: served
	}
	return served, failed
}

func barista(id int, bar *Bar, queue <-chan Order, results chan<- Result, staff *sync.WaitGroup) {
	defer staff.Done()
	made := 0
	for order := range queue {
		cup, err := bar.Make(order)
		if err == nil {
			made++
			cup.Barista = id
		}
		results <- Result{cup, err} // stop: barista
	}
}

// Sorted returns the items in the order that less says; the items themselves stay as they are.
func Sorted[T any](items []T, less func(a, b T) bool) []T {
	sorted := append([]T(nil), items...)
	sort.Slice(sorted, func(i, j int) bool { return less(sorted[i], sorted[j]) })
	return sorted
}
