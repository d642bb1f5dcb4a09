// Package names has a namesake.
package names

// Count is in both.
var Count = 1

// Only is in this one.
var Only = "of one"
