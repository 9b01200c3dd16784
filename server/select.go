package server

import "strings"

// selectCase finds the branch of a Select Case that is to be run: the first one that
// lists an equal value, or Case Else.
func (r *run) selectCase(at int, op *operation) (int, error) {
	word, rest := firstWord(op.rest)
	if word != "case" {
		return at, errNotModelled
	}
	v, err := r.evaluate(rest)
	if err != nil {
		return at, err
	}
	branch := op.jump
	for r.program.list[branch].word == "case" {
		b := &r.program.list[branch]
		if b.bad {
			return branch, errNotModelled
		}
		if yes, err := r.matchesCase(v, b.rest); err != nil {
			return branch, err
		} else if yes {
			break
		}
		branch = b.jump
	}
	return branch + 1, nil
}

// matchesCase reports whether a Case lists the value.
func (r *run) matchesCase(v value, listed string) (bool, error) {
	if strings.EqualFold(listed, "else") {
		return true, nil
	}
	values, _, err := r.arguments(listed)
	for _, one := range values {
		equal, err := compare('=', v, one)
		if err != nil || equal == true {
			return err == nil, err
		}
	}
	return false, err
}
