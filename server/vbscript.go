package server

import "strings"

// evaluate gives the value of a VBScript expression made of text and number
// literals, & and parentheses around the whole. ok is false for any other.
func evaluate(s string) (value string, ok bool) {
	s = strings.TrimRight(strings.TrimSpace(s), ";")
	s = strings.TrimSpace(s)
	for strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && closes(s) == len(s)-1 {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	var out strings.Builder
	for {
		literal, rest, ok := literal(s)
		if !ok {
			return "", false
		}
		out.WriteString(literal)
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return out.String(), true
		}
		if rest[0] != '&' {
			return "", false
		}
		s = strings.TrimSpace(rest[1:])
	}
}

// closes is the offset of the parenthesis that closes the first one, -1 where none does.
func closes(s string) int {
	depth, quoted := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted // a doubled quote flips twice
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// literal takes one text or decimal number from the begin of s.
func literal(s string) (value, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		return text(s[1:])
	}
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i == 0 || i > 15 || i < len(s) && (isAlnum(s[i]) || s[i] == '.' || s[i] == '_') {
		return "", "", false
	}
	value = strings.TrimLeft(s[:i], "0")
	if value == "" {
		value = "0"
	}
	return value, s[i:], true
}

// text takes what stands behind an opening quote; a doubled quote is one.
func text(s string) (value, rest string, ok bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", false
		}
		b.WriteString(s[:i])
		if !strings.HasPrefix(s[i+1:], `"`) {
			return b.String(), s[i+1:], true
		}
		b.WriteByte('"')
		s = s[i+2:]
	}
}
