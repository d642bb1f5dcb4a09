// Command verbs prints its variables with many formats of package fmt, each line with the format, the variable's name
// and the result, quoted.
package main

import (
	"fmt"
	"math"
	"strings"
)

const formats = `%x %X %#x %d %o %b %c %q %U %v %+v %#v %e %E %f %.2f %8.3f %g %G %s %t %08d %+d %5d| %-5d| %T %p %O %#o
%#b %6.2f %% %k %x%d %20s %-20s| %.3s %x? %#g %#.3g %#e %#f %#.0f %+.1e %010.2f %-010.2f| %+q %#q %#U %+08d %08b %#08x
%[1]d %[1]x:%[1]o %[2]d %[1]5d %5[1]d %.[1]d %.d %5.d| %.0d %3c| %-3c| %w %! %z %08.3x %+x %-8x| %08q %.5U %12.6U|
%99999999d %5 %+ %5. %#5t %07t %-7t| %.1t %8v %-8v| %08v %+#v %#8v %e%% %F %+F %#X %.4x %.0x %.1X %#.2x %b% %[d %[]d %[x]d`

func keep(values ...interface{}) {
	if len(values) == 0 {
		fmt.Println("nothing")
	}
}

func main() {
	yes, no := true, false
	zero, one, number, negative, lowest := int64(0), int64(1), int64(42), int64(-300), int64(math.MinInt64)
	letter, wide, surrogate := int64('ß'), int64(0x1f600), int64(0xd800)
	nothing, octet, large := uint64(0), uint64(200), uint64(math.MaxUint64)
	half, tenth, none, minus, huge, tiny := 1.5, 0.1, 0.0, -123456.789, 1e300, 5e-324
	infinite, lowest64, odd := math.Inf(1), math.Inf(-1), math.NaN()
	whole, million := 100000000.0, 1000000.0
	pointy, small := complex(1, -2), complex(0.5, 1e21)
	empty, text, international, ticked := "", "hello, \"world\"\t", "Grüße, 世界\U0001f600", "a`b"
	variables := map[string]interface{}{
		"yes": yes, "no": no, "zero": zero, "one": one, "number": number, "negative": negative, "lowest": lowest,
		"letter": letter, "wide": wide, "surrogate": surrogate, "nothing": nothing, "octet": octet, "large": large,
		"half": half, "tenth": tenth, "none": none, "minus": minus, "huge": huge, "tiny": tiny, "infinite": infinite,
		"lowest64": lowest64, "odd": odd, "whole": whole, "million": million, "pointy": pointy, "small": small,
		"empty": empty, "text": text, "international": international, "ticked": ticked,
	}
	for name, value := range variables {
		for _, format := range strings.Fields(formats) {
			fmt.Printf("%s\t%s\t%q\n", format, name, fmt.Sprintf(format, value))
		}
	}
	fmt.Println("verbs") // stop: verbs
	keep(yes, no, zero, one, number, negative, lowest, letter, wide, surrogate, nothing, octet, large, half, tenth, none)
	keep(minus, huge, tiny, infinite, lowest64, odd, whole, million, pointy, small, empty, text, international, ticked)
}
