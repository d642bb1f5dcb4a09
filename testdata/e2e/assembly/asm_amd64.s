#include "textflag.h"

// func twice(n int) int
TEXT ·twice(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), AX // stop: in twice
	ADDQ AX, AX
	MOVQ AX, ret+8(FP)
	RET

// func through(n int) int
TEXT ·through(SB), $16-16
	MOVQ n+0(FP), AX // stop: in through
	MOVQ AX, 0(SP)
	CALL ·plain(SB) // stop: calls plain
	MOVQ 8(SP), AX // stop: behind plain
	MOVQ AX, ret+8(FP)
	RET

// func tail(n int) int
TEXT ·tail(SB), NOSPLIT, $0-16
	JMP ·twice(SB) // stop: jumps
