package raster

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// visual brings the characters of a line into the order in which they stand from left
// to right. Texts are printable, so that there are no controls of direction in them:
// what is left of Unicode's rules (UAX 9) is letters, numbers and what is between.
// Package bidi has the classes of characters, but does not order numbers within text
// that runs from the right.
func visual(text string) []rune {
	runes := []rune(text)
	levels, highest := levelsOf(runes)
	for level := highest; level > 0; level-- {
		for start := 0; start < len(runes); start++ {
			end := start
			for end < len(runes) && levels[end] >= level {
				end++
			}
			if end > start {
				slices.Reverse(runes[start:end])
				slices.Reverse(levels[start:end])
				start = end
			}
		}
	}
	keepMarks(runes, levels)
	return runes
}

// levelsOf says which characters run from the right: those with an odd level. Numbers
// among those have a level of their own.
func levelsOf(runes []rune) (levels []int, highest int) {
	const neutral, right, number = -1, 1, 2
	levels = make([]int, len(runes))
	strong := 0
	for i := range runes {
		switch classOf(runes, i) { //nolint:exhaustive // all others are neutral
		case bidi.L:
			strong = 0
		case bidi.R, bidi.AL:
			levels[i], strong = right, right
		case bidi.EN:
			levels[i] = strong * number
		case bidi.AN:
			levels[i] = number
		case bidi.NSM:
			if i > 0 {
				levels[i] = levels[i-1]
			}
		default:
			levels[i] = neutral
		}
		highest = max(highest, levels[i])
	}
	for start := 0; start < len(levels); start++ {
		end := start
		for end < len(levels) && levels[end] == neutral {
			end++
		}
		if end > start {
			level := 0
			if start > 0 && levels[start-1] > 0 && end < len(levels) && levels[end] > 0 {
				level = right
			}
			for i := start; i < end; i++ {
				levels[i] = level
			}
			start = end
		}
	}
	return levels, highest
}

// classOf is a character's class. A sign between two digits belongs to their number, as
// the points of an address do.
func classOf(runes []rune, i int) bidi.Class {
	class := classAt(runes, i)
	switch class { //nolint:exhaustive // only signs change
	case bidi.CS, bidi.ES:
		before, after := classAt(runes, i-1), classAt(runes, i+1)
		if before == after && (before == bidi.EN || before == bidi.AN && class == bidi.CS) {
			return before
		}
	}
	return class
}

func classAt(runes []rune, i int) bidi.Class {
	if i < 0 || i >= len(runes) {
		return bidi.ON
	}
	properties, _ := bidi.LookupRune(runes[i])
	return properties.Class()
}

// keepMarks puts the marks that were turned around with their letters behind them again.
func keepMarks(runes []rune, levels []int) {
	mark := func(i int) bool { return levels[i]%2 == 1 && classAt(runes, i) == bidi.NSM }
	for start := 0; start < len(runes); start++ {
		end := start
		for end < len(runes) && mark(end) {
			end++
		}
		if end > start && end < len(runes) {
			slices.Reverse(runes[start : end+1])
			start = end
		}
	}
}
