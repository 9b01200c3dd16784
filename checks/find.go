package checks

import (
	"slices"
	"strings"
)

// Find resolves what a user types to checks in list order: an ID (mime-unmapped)
// or a code as logs and error pages show it (404.3, 503, 0131, "ASP 0131").
func Find(text string) []Check {
	text = strings.TrimSpace(text)
	var found []Check
	for _, c := range list {
		if strings.EqualFold(c.ID, text) {
			return []Check{c}
		}
		if slices.ContainsFunc(c.Codes, func(code string) bool { return sameCode(code, text) }) {
			found = append(found, c)
		}
	}
	return found
}

func sameCode(code, typed string) bool {
	if strings.EqualFold(code, typed) {
		return true
	}
	for _, family := range [...]string{"ASP ", "event "} {
		if rest, ok := strings.CutPrefix(code, family); ok && rest == typed {
			return true
		}
	}
	return false
}

// Names gives everything Find understands: for "did you mean".
func Names() []string {
	var names []string
	for _, c := range list {
		names = append(names, c.ID)
		names = append(names, c.Codes...)
	}
	return names
}
