// Package names has a namesake.
package names

// Count is in both.
var Count = 2

// Other is in this one.
var Other = "of two"
