package main

import (
	"fmt"
	"math"
	"math/big"
)

func numbers() {
	small := big.NewInt(-42)                                                 // = -42
	zero := new(big.Int)                                                     // = 0
	large, _ := new(big.Int).SetString("123456789012345678901234567890", 10) // = 123456789012345678901234567890
	round := new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)           // = 1000000000000000000000000000000
	huge := new(big.Int).Lsh(big.NewInt(1), 100000)                          // = number of 100032 bits
	value := *big.NewInt(5)                                                  // = 5
	third := big.NewRat(-1, 3)                                               // = -1/3
	whole := big.NewRat(4, 2)                                                // = 2/1
	noRat := new(big.Rat)                                                    // = 0/1
	half := big.NewFloat(1.5)                                                // = 1.5
	tenth := big.NewFloat(0.1)                                               // = 0.1
	pi := big.NewFloat(-math.Pi)                                             // = -3.141592654
	exponent := big.NewFloat(1e100)                                          // = 1e+100
	little := big.NewFloat(1.25e-9)                                          // = 1.25e-09
	noFloat := new(big.Float)                                                // = 0
	infinite := new(big.Float).SetInf(true)                                  // = -Inf
	fmt.Println("numbers")                                                   // stop: numbers
	keep(small, zero, large, round, huge, value, third, whole, noRat, half, tenth, pi, exponent, little, noFloat, infinite)
}
