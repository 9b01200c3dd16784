package server

import "strings"

// counter is a For loop under way.
type counter struct {
	name     string
	to, step int64
	each     bool
	items    []value // of a For Each: what is still to come
}

// flow runs a statement of a block, or hands it on, and gives the next operation.
func (r *run) flow(at int, op *operation) (next int, err error) {
	switch op.word {
	case "if":
		return r.branch(at, op)
	case "else", "elseif": // reached behind the branch that was run
		return r.skipIf(op), nil
	case "for":
		return r.enterFor(at, op)
	case "next":
		return r.nextFor(at, op)
	case "do", "while", "loop":
		return r.loop(at, op)
	case "wend":
		return op.jump, nil
	case "exit":
		return r.leaveLoop(at, op)
	case "sub", "function":
		return op.jump + 1, nil // what it does is not run where it stands
	case "select":
		return r.selectCase(at, op)
	case "case": // reached behind the branch that was run
		return r.skipIf(op), nil
	case "class":
		return at, errNotModelled
	case "end":
		if op.block() == 'c' || op.inline {
			return at + 1, nil
		}
		return at, errNotModelled
	}
	return at + 1, r.statement(op)
}

// branch decides If and, where the branch before was not taken, ElseIf.
func (r *run) branch(at int, op *operation) (int, error) {
	condition, ok := cutWord(op.rest, "then")
	if !ok {
		return at, errNotModelled
	}
	yes, err := r.holds(condition)
	switch {
	case err != nil:
		return at, err
	case yes:
		return at + 1, nil
	case op.inline:
		return op.jump, nil
	}
	// The next branch: an ElseIf is decided, an Else entered.
	switch next := &r.program.list[op.jump]; next.word {
	case "elseif":
		return r.branch(op.jump, next)
	default:
		return op.jump + 1, nil
	}
}

// holds evaluates a condition.
func (r *run) holds(condition string) (bool, error) {
	v, err := r.evaluate(condition)
	if err != nil {
		return false, err
	}
	return truth(v)
}

// cutWord takes a last word off.
func cutWord(s, word string) (string, bool) {
	n := len(s) - len(word)
	if n < 0 || !strings.EqualFold(s[n:], word) {
		return "", false
	}
	return s[:n], true
}

// skipIf is what follows a branch that was run: the end of its If.
func (r *run) skipIf(op *operation) int {
	if op.inline {
		return op.jump
	}
	at := op.jump
	for r.program.list[at].word != "end" {
		at = r.program.list[at].jump
	}
	return at + 1
}

// enterFor begins For name = from To to [Step step].
func (r *run) enterFor(at int, op *operation) (int, error) {
	name, tail := firstWord(op.rest)
	if name == "each" {
		return r.enterEach(at, op, tail)
	}
	tail, ok := strings.CutPrefix(tail, "=")
	from, bounds, found := cutKeyword(tail, "to")
	if !ok || !found || name == "" {
		return at, errNotModelled
	}
	to, step, stepped := cutKeyword(bounds, "step")
	if !stepped {
		to, step = bounds, "1"
	}
	var n [3]int64
	for i, s := range [...]string{from, to, step} {
		v, err := r.evaluate(s)
		if err != nil {
			return at, err
		}
		if n[i], ok = numberOf(v); !ok {
			return at, typeMismatch
		}
	}
	r.counters()[at] = &counter{name: name, to: n[1], step: n[2]}
	if err := r.store(name, n[0]); err != nil {
		return at, err
	}
	if beyond(n[0], n[1], n[2]) {
		return op.jump + 1, nil
	}
	return at + 1, nil
}

func beyond(n, to, step int64) bool { return step >= 0 && n > to || step < 0 && n < to }

func (r *run) nextFor(at int, op *operation) (int, error) {
	c := r.counters()[op.jump]
	if c == nil {
		return at, errNotModelled
	}
	if c.each {
		return r.nextEach(at, op.jump, c)
	}
	v, _ := r.find(c.name)
	n, ok := numberOf(v)
	if !ok {
		return at, typeMismatch
	}
	n += c.step
	if err := r.store(c.name, n); err != nil {
		return at, err
	}
	if beyond(n, c.to, c.step) {
		return at + 1, nil
	}
	return op.jump + 1, nil
}

// loop runs Do, Loop and While with their conditions.
func (r *run) loop(at int, op *operation) (int, error) {
	kind, condition := "while", op.rest
	if op.word != "while" {
		kind, condition = firstWord(op.rest)
	}
	again, end := at+1, op.jump+1
	if op.word == "loop" {
		again, end = op.jump, at+1
	}
	if strings.TrimSpace(condition) == "" {
		if kind != "" {
			return at, errNotModelled
		}
		return again, nil
	}
	yes, err := r.holds(condition)
	switch {
	case err != nil:
		return at, err
	case kind != "while" && kind != "until":
		return at, errNotModelled
	case yes == (kind == "while"):
		return again, nil
	}
	return end, nil
}

// leaveLoop runs Exit For and Exit Do: the innermost such loop around it ends; and
// Exit Sub and Exit Function: the routine ends.
func (r *run) leaveLoop(at int, op *operation) (int, error) {
	word := strings.ToLower(op.rest)
	if (word == "sub" || word == "function") && r.frame != nil {
		return r.frame.routine.end, nil
	}
	if word != "for" && word != "do" {
		return at, errNotModelled
	}
	for i := at - 1; i >= 0; i-- {
		if around := &r.program.list[i]; around.stmt != nil && around.word == word && around.jump > at {
			return around.jump + 1, nil
		}
	}
	return at, errNotModelled
}

// cutKeyword splits at a keyword that stands between blanks outside quotes.
func cutKeyword(s, word string) (before, after string, ok bool) {
	quoted := false
	for i := range len(s) {
		if s[i] == '"' {
			quoted = !quoted
		}
		end := i + 1 + len(word)
		if !quoted && isBlank(s[i]) && end < len(s) && strings.EqualFold(s[i+1:end], word) && isBlank(s[end]) {
			return s[:i], s[end:], true
		}
	}
	return s, "", false
}
