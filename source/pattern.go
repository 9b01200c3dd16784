package source

import (
	"regexp"
	"sync"
)

// Lazy compiles a pattern at its first use: starting the program should not pay
// for readers that most runs do not need. It panics then on a bad pattern, as
// regexp.MustCompile does.
func Lazy(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
