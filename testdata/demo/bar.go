package main

import (
	"fmt"
	"sync"
)

// Ingredient is something that drinks are made of.
type Ingredient string

// The ingredients, in grams and millilitres.
const (
	Beans Ingredient = "beans"
	Milk  Ingredient = "milk"
)

// Drink is what can be ordered.
type Drink int

// The drinks.
const (
	Espresso Drink = iota
	Cappuccino
	Latte
)

func (d Drink) String() string { return [...]string{"espresso", "cappuccino", "latte"}[d] }

// Order is one customer's wish.
type Order struct {
	Number   int
	Customer string
	Drink    Drink
}

// Cup is a drink that was made.
type Cup struct {
	Order   Order
	Barista int
}

func (c Cup) String() string {
	return fmt.Sprintf("%d: %s for %s", c.Order.Number, c.Order.Drink, c.Order.Customer)
}

// Result is a cup, or why there is none.
type Result struct {
	Cup Cup
	Err error
}

// ShortageError says what is missing for an order.
type ShortageError struct {
	Customer string
	Missing  Ingredient
}

func (e *ShortageError) Error() string { return "we are out of " + string(e.Missing) }

var recipes = map[Drink]map[Ingredient]int{
	Espresso:   {Beans: 9},
	Cappuccino: {Beans: 9, Milk: 120},
	Latte:      {Beans: 9, Milk: 200},
}

// Bar is the stock that all baristas share.
type Bar struct {
	mu    sync.Mutex
	Stock map[Ingredient]int
	made  int
}

// NewBar opens a bar with some stock.
func NewBar(stock map[Ingredient]int) *Bar { return &Bar{Stock: stock} }

// Make makes one drink, or says what is missing; then nothing is taken from the stock.
func (b *Bar) Make(order Order) (Cup, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	recipe := recipes[order.Drink]
	for ingredient, amount := range recipe {
		if b.Stock[ingredient] < amount {
			return Cup{}, &ShortageError{order.Customer, ingredient} // stop: out of stock
		}
	}
	for ingredient, amount := range recipe {
		b.Stock[ingredient] -= amount
	}
	b.made++
	return Cup{Order: order}, nil // stop: cup made
}
