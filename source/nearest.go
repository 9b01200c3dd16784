package source

import (
	"strings"

	"github.com/xrash/smetrics"
)

// Nearest finds the word that a misspelt one was meant to be, "" where none is
// near: at most one edit for every three characters, and two where letters
// changed places in a short word.
func Nearest(word string, words []string) string {
	best, limit := "", len(word)/3+1
	if len(word) >= 4 {
		limit = max(limit, 3)
	}
	lower := strings.ToLower(word)
	for _, w := range words {
		if max(len(w)-len(word), len(word)-len(w)) >= limit {
			continue
		}
		if d := smetrics.WagnerFischer(lower, strings.ToLower(w), 1, 1, 1); d < limit {
			best, limit = w, d
		}
	}
	return best
}
