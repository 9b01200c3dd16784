package server

import (
	"math"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// fault is an error that the script itself raises.
type fault struct{ asp iis.ASPError }

func (f *fault) Error() string { return f.asp.Code + " " + f.asp.Title }

// typeMismatch is the engine's error 13.
var typeMismatch = &fault{iis.ASPError{Category: "Microsoft VBScript runtime", Code: "800a000d", Title: "Type mismatch"}}

// textOf is a value as & and Response.Write show it.
func textOf(v value) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		if v {
			return "True", true
		}
		return "False", true
	}
	return "", false
}

// numberOf converts as arithmetic does: Empty is 0, a text must be a whole number.
func numberOf(v value) (int64, bool) {
	switch v := v.(type) {
	case nil:
		return 0, true
	case int64:
		return v, true
	case bool:
		if v {
			return -1, true
		}
		return 0, true
	case string:
		n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// truth is a value as a condition.
func truth(v value) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		if b, err := strconv.ParseBool(v); err == nil && len(v) > 1 {
			return b, nil
		}
	}
	n, ok := numberOf(v)
	if !ok {
		return false, typeMismatch
	}
	return n != 0, nil
}

// maxText bounds a text that a script builds.
const maxText = 8 << 20

// combine applies a binary operator.
func combine(op vbToken, a, b value) (value, error) {
	switch {
	case op.kind == '&':
		return join(a, b)
	case level(op) == 4:
		return compare(op.kind, a, b)
	case op.kind == 'n' && op.name != "mod":
		x, ok := a.(bool)
		y, also := b.(bool)
		if !ok || !also {
			return nil, errNotModelled // bitwise on numbers
		}
		if op.name == "and" {
			return x && y, nil
		}
		return x || y, nil
	}
	if x, ok := a.(string); ok && op.kind == '+' {
		if _, ok := b.(string); ok {
			return join(x, b)
		}
	}
	return arithmetic(op, a, b)
}

func join(a, b value) (value, error) {
	x, ok := textOf(a)
	y, also := textOf(b)
	if !ok || !also {
		return nil, typeMismatch
	}
	if len(x)+len(y) > maxText {
		return nil, errNotModelled
	}
	return x + y, nil
}

func arithmetic(op vbToken, a, b value) (value, error) {
	x, ok := numberOf(a)
	y, also := numberOf(b)
	if !ok || !also {
		return nil, typeMismatch
	}
	switch {
	case max(x, y) > math.MaxInt32 || min(x, y) < math.MinInt32:
		return nil, errNotModelled // becomes a Double
	case op.kind == '+':
		return x + y, nil
	case op.kind == '-':
		return x - y, nil
	case op.kind == '*':
		return x * y, nil
	case y == 0:
		return nil, &fault{iis.ASPError{Category: "Microsoft VBScript runtime", Code: "800a000b", Title: "Division by zero"}}
	}
	return x % y, nil
}

// compare: texts by their bytes, all else as numbers. A number is less than a text.
func compare(op byte, a, b value) (value, error) {
	order := 0
	x, isText := a.(string)
	y, alsoText := b.(string)
	switch {
	case isText && alsoText, isText && b == nil, alsoText && a == nil:
		order = strings.Compare(x, y)
	case isText:
		order = 1
	case alsoText:
		order = -1
	default:
		n, ok := numberOf(a)
		m, also := numberOf(b)
		if !ok || !also {
			return nil, typeMismatch
		}
		order = int(max(-1, min(1, n-m)))
	}
	switch op {
	case '=':
		return order == 0, nil
	case 'd':
		return order != 0, nil
	case '<':
		return order < 0, nil
	case '>':
		return order > 0, nil
	case 'l':
		return order <= 0, nil
	}
	return order >= 0, nil
}
