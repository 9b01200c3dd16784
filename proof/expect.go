package proof

import (
	"fmt"
	"strconv"
	"strings"
)

// kinds are the first words of expectations and whether a text must follow.
var kinds = map[string]bool{"status": true, "header": true, "body": true, "handler": true, "w3c": true,
	"httperr": true, "event": true, "asp": true, "begin": true, "unfinished": true, "count": true,
	"nolog": false, "nohttperr": false, "noevent": false, "refused": false, "reset": false}

// expectation reads a line and adds it to the last step.
func (p *specParser) expectation(kind, rest string) error {
	wants, ok := kinds[kind]
	if !ok {
		return fmt.Errorf("%q is no expectation", kind)
	}
	r, err := p.last(kind)
	if err != nil {
		return err
	}
	i := max(strings.LastIndex(rest, "[D:"), strings.LastIndex(rest, "[I:"))
	if i < 0 || !strings.HasSuffix(rest, "]") {
		return fmt.Errorf("%s %s has no source; expected [D: page] or [I: why]", kind, rest)
	}
	mark, source, _ := strings.Cut(rest[i+1:len(rest)-1], ":")
	source = strings.TrimSpace(source)
	if source == "" {
		return fmt.Errorf("source %q; expected [D: page] or [I: why]", rest[i:])
	}
	e := Expectation{kind, strings.TrimSpace(rest[:i]), source, mark == "D"}
	if wants && e.Text == "" {
		return fmt.Errorf("%s of nothing; expected a text between it and its source", kind)
	}
	if _, _, ok := e.counted(); kind == "count" && !ok {
		return fmt.Errorf("%s; expected count N and another expectation", e)
	}
	r.Expect = append(r.Expect, e)
	return nil
}

// counted takes "count 2 status 503" apart.
func (e Expectation) counted() (n int, of Expectation, ok bool) {
	number, rest, _ := strings.Cut(e.Text, " ")
	kind, text, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.Atoi(number)
	_, known := kinds[kind]
	ok = err == nil && n >= 0 && known && kind != "count" && !strings.HasPrefix(kind, "no")
	return n, Expectation{kind, strings.TrimSpace(text), e.Source, e.Documented}, ok
}
