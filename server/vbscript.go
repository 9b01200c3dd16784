package server

import (
	"errors"
	"strconv"
	"strings"
)

// value is what a VBScript expression gives: nil (Empty), string, int64, bool or an
// *object. Other types are not modelled.
type value any

// errNotModelled ends a run at something that this server does not know.
var errNotModelled = errors.New("not modelled")

// vbToken is one token of an expression: a name in lower case, a literal or a mark.
type vbToken struct {
	kind  byte // 'n' name, 'v' value, otherwise the mark: ( ) , & + - * = < > . l (<=) g (>=) d (<>), 0 at the end
	name  string
	value value
}

// maxTokens and maxNesting bound one expression.
const (
	maxTokens  = 2000
	maxNesting = 50
)

// tokensOf takes an expression apart. ok is false where it holds what is not modelled.
func tokensOf(s string) (list []vbToken, ok bool) {
	s = strings.TrimRight(strings.TrimSpace(s), "; \t")
	for s != "" {
		if isBlank(s[0]) || s[0] == '\r' || s[0] == '\n' {
			s = s[1:]
			continue
		}
		var t vbToken
		if t, s, ok = nextToken(s); !ok || len(list) >= maxTokens {
			return nil, false
		}
		list = append(list, t)
	}
	return list, true
}

func nextToken(s string) (t vbToken, rest string, ok bool) {
	switch c := s[0]; {
	case c == '"' || c >= '0' && c <= '9':
		text, rest, ok := literal(s)
		t = vbToken{kind: 'v', value: text}
		if n, err := strconv.ParseInt(text, 10, 64); c != '"' && err == nil {
			t.value = n
		}
		return t, rest, ok
	case isLetter(c):
		n := 1
		for n < len(s) && (isAlnum(s[n]) || s[n] == '_') {
			n++
		}
		return vbToken{kind: 'n', name: strings.ToLower(s[:n])}, s[n:], true
	}
	for mark, kind := range vbMarks {
		if strings.HasPrefix(s, mark) {
			return vbToken{kind: kind}, s[len(mark):], true
		}
	}
	if strings.IndexByte("(),&+-*=<>.", s[0]) >= 0 {
		return vbToken{kind: s[0]}, s[1:], true
	}
	return t, s, false
}

// vbMarks are the operators of two characters.
var vbMarks = map[string]byte{"<=": 'l', "=<": 'l', ">=": 'g', "=>": 'g', "<>": 'd', "><": 'd'}

func isLetter(c byte) bool { return isAlnum(c) && (c < '0' || c > '9') }

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

// expression evaluates tokens; names are looked up by the run.
type expression struct {
	run   *run
	list  []vbToken
	depth int
}

// evaluate gives the value of an expression. Errors: errNotModelled, or a fault of
// the script.
func (r *run) evaluate(s string) (value, error) {
	list, ok := tokensOf(s)
	if !ok || len(list) == 0 {
		return nil, errNotModelled
	}
	e := expression{run: r, list: list}
	v, err := e.binary(0)
	if err == nil && len(e.list) > 0 {
		return nil, errNotModelled
	}
	return v, err
}

func (e *expression) peek() vbToken {
	if len(e.list) == 0 {
		return vbToken{}
	}
	return e.list[0]
}

func (e *expression) take(kind byte) bool {
	if e.peek().kind != kind {
		return false
	}
	e.list = e.list[1:]
	return true
}

// level is how tightly an operator binds: Or, And, Not, comparisons, &, + and -, *.
func level(t vbToken) int {
	switch {
	case t.kind == 'n' && t.name == "or":
		return 1
	case t.kind == 'n' && t.name == "and":
		return 2
	case strings.IndexByte("=<>lgd", t.kind) >= 0 && t.kind != 0:
		return 4
	case t.kind == '&':
		return 5
	case t.kind == '+' || t.kind == '-':
		return 6
	case t.kind == 'n' && t.name == "mod":
		return 7
	case t.kind == '*':
		return 8
	}
	return 0
}

// binary evaluates operators that bind more tightly than above.
func (e *expression) binary(above int) (value, error) {
	if e.depth++; e.depth > maxNesting {
		return nil, errNotModelled
	}
	defer func() { e.depth-- }()
	left, err := e.unary()
	for err == nil {
		t := e.peek()
		n := level(t)
		if n == 0 || n <= above {
			return left, nil
		}
		e.list = e.list[1:]
		var right value
		if right, err = e.binary(n); err == nil {
			left, err = combine(t, left, right)
		}
	}
	return nil, err
}

func (e *expression) unary() (value, error) {
	switch {
	case e.peek().kind == 'n' && e.peek().name == "not":
		e.list = e.list[1:]
		v, err := e.binary(3)
		b, ok := v.(bool)
		if err == nil && !ok {
			err = errNotModelled
		}
		return !b, err
	case e.take('-'):
		v, err := e.binary(8)
		n, ok := numberOf(v)
		if err == nil && !ok {
			err = errNotModelled
		}
		return -n, err
	}
	return e.operand()
}

func (e *expression) operand() (value, error) {
	t := e.peek()
	switch {
	case t.kind == 'v':
		e.list = e.list[1:]
		return t.value, nil
	case e.take('('):
		v, err := e.binary(0)
		if err == nil && !e.take(')') {
			err = errNotModelled
		}
		return v, err
	case t.kind == 'n':
		return e.reference()
	}
	return nil, errNotModelled
}

// reference evaluates name.name(arguments)...: one name, its member names and the
// arguments of each call.
func (e *expression) reference() (value, error) {
	name := e.peek().name
	e.list = e.list[1:]
	for e.peek().kind == '.' && len(e.list) > 1 && e.list[1].kind == 'n' && !e.run.isObject(name) {
		name += "." + e.list[1].name
		e.list = e.list[2:]
	}
	args, refs, called, err := e.arguments()
	if err != nil {
		return nil, err
	}
	e.run.refs = refs
	v, err := e.run.name(name, args, called)
	for err == nil && e.peek().kind == '.' && len(e.list) > 1 && e.list[1].kind == 'n' {
		member := e.list[1].name
		e.list = e.list[2:]
		if args, _, _, err = e.arguments(); err == nil {
			v, err = e.run.method(v, member, args)
		}
	}
	return v, err
}

// arguments takes (a, b) where it follows. refs names those that are variables.
func (e *expression) arguments() (args []value, refs []string, called bool, err error) {
	if !e.take('(') {
		return nil, nil, false, nil
	}
	if e.take(')') {
		return nil, nil, true, nil
	}
	for {
		v, ref, err := e.argument()
		if err != nil {
			return nil, nil, true, err
		}
		args, refs = append(args, v), append(refs, ref)
		if e.take(')') {
			return args, refs, true, nil
		}
		if !e.take(',') {
			return nil, nil, true, errNotModelled
		}
	}
}

// argument evaluates one argument; ref is its name where it is a variable and no more.
func (e *expression) argument() (v value, ref string, err error) {
	if e.peek().kind == 'n' && (len(e.list) == 1 || e.list[1].kind == ',' || e.list[1].kind == ')') {
		if _, ok := e.run.find(e.list[0].name); ok {
			ref = e.list[0].name
		}
	}
	v, err = e.binary(0)
	return v, ref, err
}

// arguments evaluates arguments that stand without parentheses: Response.Write "a".
func (r *run) arguments(s string) (args []value, refs []string, err error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil, nil
	}
	list, ok := tokensOf(s)
	if !ok {
		return nil, nil, errNotModelled
	}
	e := expression{run: r, list: list}
	for {
		v, ref, err := e.argument()
		if err != nil {
			return nil, nil, err
		}
		args, refs = append(args, v), append(refs, ref)
		if len(e.list) == 0 {
			return args, refs, nil
		}
		if !e.take(',') {
			return nil, nil, errNotModelled
		}
	}
}
