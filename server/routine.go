package server

import (
	"errors"
	"strings"
)

// routine is a Sub or Function of a page: the operations between its two ends.
type routine struct {
	name       string
	function   bool
	params     []parameter
	begin, end int
}

// parameter is one of a routine's names. Without ByVal it stands for the variable of
// the caller.
type parameter struct {
	name  string
	byVal bool
}

// maxCalls is how deep routines may call each other; the script engine's own bound,
// that of its stack, is not documented.
const maxCalls = 100

var outOfStack = runtimeFault("800a001c", "Out of stack space")

// noteRoutines finds the routines of the program by name. One that is not closed, or
// whose parameters are not understood, is none: a call of it is not modelled.
func (p *program) noteRoutines() {
	p.routines = map[string]*routine{}
	for i := range p.list {
		op := &p.list[i]
		if op.stmt == nil || op.word != "sub" && op.word != "function" || op.bad {
			continue
		}
		if r, ok := routineHead(op.rest); ok {
			r.function, r.begin, r.end = op.word == "function", i+1, op.jump
			p.routines[r.name] = &r
		}
	}
}

// routineHead reads "Name(a, ByVal b)".
func routineHead(head string) (r routine, ok bool) {
	r.name, head = firstWord(head)
	if r.name == "" || strings.Contains(r.name, ".") {
		return r, false
	}
	if head == "" {
		return r, true
	}
	list, ok := strings.CutPrefix(head, "(")
	list, closed := strings.CutSuffix(list, ")")
	if !ok || !closed {
		return r, false
	}
	if strings.TrimSpace(list) == "" {
		return r, true
	}
	for one := range strings.SplitSeq(list, ",") {
		var p parameter
		word, rest := firstWord(strings.TrimSpace(one))
		if p.byVal = word == "byval"; p.byVal || word == "byref" {
			word, rest = firstWord(rest)
		}
		if p.name = word; word == "" || rest != "" {
			return r, false
		}
		r.params = append(r.params, p)
	}
	return r, true
}

// frame is one call of a routine: its own variables and loops. Variables of the page
// that it does not have itself are the page's.
type frame struct {
	routine *routine
	vars    map[string]value
	loops   map[int]*counter
}

// find gives a variable: the routine's own before the page's.
func (r *run) find(name string) (value, bool) {
	if r.frame != nil {
		if v, ok := r.frame.vars[name]; ok {
			return v, true
		}
	}
	v, ok := r.vars[name]
	return v, ok
}

// home is where a name is kept that is given a value: where it is known, else with
// the routine that runs.
func (r *run) home(name string) map[string]value {
	if r.frame != nil {
		_, own := r.frame.vars[name]
		if _, page := r.vars[name]; own || !page {
			return r.frame.vars
		}
	}
	return r.vars
}

// counters are the For loops under way of what runs now.
func (r *run) counters() map[int]*counter {
	if r.frame != nil {
		return r.frame.loops
	}
	return r.loops
}

// invoke calls a routine. refs are the names of arguments that are variables of the
// caller, "" for others: what the routine makes of them is theirs afterwards.
func (r *run) invoke(to *routine, args []value, refs []string) (value, error) {
	if len(args) != len(to.params) {
		return nil, runtimeFault("800a01c2", "Wrong number of arguments or invalid property assignment: '"+to.name+"'")
	}
	if r.depth++; r.depth > maxCalls {
		r.depth--
		return nil, outOfStack
	}
	caller, resume := r.frame, r.resume
	called := &frame{routine: to, vars: map[string]value{}, loops: map[int]*counter{}}
	for i, p := range to.params {
		called.vars[p.name] = args[i]
		r.held += sizeOf(args[i])
	}
	if to.function {
		called.vars[to.name] = nil
	}
	r.frame, r.resume = called, false
	_, err := r.between(to.begin, to.end)
	result := called.vars[to.name]
	r.frame, r.resume = caller, resume
	r.depth--
	for _, v := range called.vars {
		r.held -= sizeOf(v)
	}
	if err != nil {
		return nil, err
	}
	for i, p := range to.params {
		if i < len(refs) && refs[i] != "" && !p.byVal {
			if err := r.store(refs[i], called.vars[p.name]); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

// between runs the operations up to an end. An error is noted at the innermost
// operation that raised it: that is the line that the client sees.
func (r *run) between(at, end int) (int, error) {
	for at < end {
		if err := r.tick(); err != nil {
			return at, r.raised(at, err)
		}
		next, err := r.step(at)
		var f *fault
		if r.resume && errors.As(err, &f) {
			next, err, r.raiser = at+1, nil, nil
		}
		if err != nil {
			return at, r.raised(at, err)
		}
		at = next
	}
	return at, nil
}

func (r *run) raised(at int, err error) error {
	if r.raiser == nil {
		r.raiser = &at
	}
	return err
}
