package proof

import (
	"fmt"
	"strconv"
	"strings"
)

// Spec is a proof.txt: the requests that show a fault and the answers that the
// documents promise, typed by hand.
//
//	variant extension .json         what a replay under other names may rename
//	variant inherit PROPERTY        a value that may move to a key above
//	broken                          begins the answers with the fault
//	remedy N [raises ID, ID]        begins the answers after the finding's N-th remedy
//	request GET URL                 begins a request; expectations follow
//	  status 404.3    [D: source]
//
// Every expectation ends in its source in square brackets, marked D for
// documented or I for inferred.
type Spec struct {
	Extension string // of "variant extension"
	Inherit   string // of "variant inherit"
	Broken    []Request
	Remedies  []Section
}

// Section is the answers after one remedy.
type Section struct {
	Remedy   int
	Raises   []string // findings that this remedy may raise
	Requests []Request
}

// Request is one request and what is expected of its answer.
type Request struct {
	Method, URL string
	Expect      []Expectation
}

// Expectation is one line: "status 404.3".
type Expectation struct {
	Kind       string // status, header, body, handler, w3c, httperr, event, nolog, asp, refused, reset
	Text       string
	Source     string
	Documented bool
}

// String gives the line without its source.
func (e Expectation) String() string { return strings.TrimSpace(e.Kind + " " + e.Text) }

var kinds = map[string]bool{"status": true, "header": true, "body": true, "handler": true, "w3c": true,
	"httperr": true, "event": true, "nolog": true, "asp": true, "refused": true, "reset": true}

// ParseSpec reads a proof.txt. Errors name the line.
func ParseSpec(text string) (*Spec, error) {
	p := specParser{spec: &Spec{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if p.requests == nil {
		return nil, fmt.Errorf("line %d: no section; expected broken", n)
	}
	return p.spec, nil
}

type specParser struct {
	spec     *Spec
	requests *[]Request // of the section being read
}

func (p *specParser) line(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "variant":
		return p.variant(rest)
	case "broken":
		p.requests = &p.spec.Broken
		return nil
	case "remedy":
		return p.remedy(rest)
	case "request":
		method, url, ok := strings.Cut(rest, " ")
		if !ok || p.requests == nil {
			return fmt.Errorf("%q; expected request METHOD URL inside a section", line)
		}
		*p.requests = append(*p.requests, Request{Method: method, URL: strings.TrimSpace(url)})
		return nil
	}
	return p.expectation(word, rest)
}

func (p *specParser) variant(rest string) error {
	what, value, _ := strings.Cut(rest, " ")
	switch what {
	case "extension":
		p.spec.Extension = value
	case "inherit":
		p.spec.Inherit = value
	default:
		return fmt.Errorf("variant %q; expected extension or inherit", what)
	}
	return nil
}

func (p *specParser) remedy(rest string) error {
	number, raises, _ := strings.Cut(rest, " raises ")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 1 {
		return fmt.Errorf("remedy %q; expected its number", number)
	}
	s := Section{Remedy: n}
	for id := range strings.SplitSeq(raises, ",") {
		if id = strings.TrimSpace(id); id != "" {
			s.Raises = append(s.Raises, id)
		}
	}
	p.spec.Remedies = append(p.spec.Remedies, s)
	p.requests = &p.spec.Remedies[len(p.spec.Remedies)-1].Requests
	return nil
}

func (p *specParser) expectation(kind, rest string) error {
	if !kinds[kind] {
		return fmt.Errorf("%q is no expectation", kind)
	}
	if p.requests == nil || len(*p.requests) == 0 {
		return fmt.Errorf("%s before the first request", kind)
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
	last := &(*p.requests)[len(*p.requests)-1]
	last.Expect = append(last.Expect, Expectation{kind, strings.TrimSpace(rest[:i]), source, mark == "D"})
	return nil
}
