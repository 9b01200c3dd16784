package proof

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Spec is a proof.txt: what is done to show a fault and the answers that the
// documents promise, typed by hand. Blank lines and lines that begin with # count
// for nothing. These lines may stand before the first section:
//
//	variant extension .json       what a replay under other names may rename
//	variant inherit PROPERTY      a value that may move to a key above
//	clock 1000                    the server's clock runs so many times faster than a real one
//	begin log                     the server also logs where each request begins
//
// Without "clock" a wait puts the server's clock forward and costs nothing; what the
// server measures on a connection (idle, slow) needs time that passes, and so "clock".
// Where an answer is not the expected one the section is replayed with a slower clock.
//
// A section begins a server and a visitor who keeps the cookies that it gives:
//
//	broken                        the server with the fault
//	remedy N [raises ID, ID]      after the finding's N-th remedy, which may raise these
//
// A section's steps follow one another:
//
//	request METHOD URL [option]…  a request; its connection ends with the answer
//	connect URL                   a connection on which nothing is sent
//	wait 20m                      nothing happens for so long by the server's clock
//
// Options of a request, behind the URL:
//
//	as CONTOSO\anna:secret        Basic credentials; no blank in them
//	from 192.0.2.7                the client's address as the server sees it
//	times 5                       the same again, one after the other
//	in parallel 12                so many at once, each on a connection of its own
//	keep-alive                    on the connection of the section's last such request
//	slow head 20s                 a pause after each line of the head
//	reading 5000                  the client takes so many bytes a second of the answer
//
// Lines below a request that say what it sends:
//
//	send header NAME: VALUE       or NAME: (17000 bytes)
//	send body TEXT                or (300000 bytes)
//	send field NAME=TEXT          of a form, or NAME=(120000 bytes); may be repeated
//	send file NAME=(300000 bytes) a form with a file to upload; may be repeated
//
// Lines below a step that say what is expected, each with its source in square
// brackets at the end, marked D for documented or I for inferred; a line without a
// source is an error:
//
//	status 404.3        [D: page] the number on the wire and the substatus from the log
//	header NAME: VALUE  [D: page] exactly
//	body TEXT           [D: page] holds the text
//	body lacks TEXT     [I: why]
//	body is C:\a.htm    [I: why]  the bytes of that file
//	handler ASP         [I: why]  who answered
//	asp 0131            [D: page] the body is ASP's page for that error
//	w3c 404 3 50        [I: why]  the W3C line has these in a row: sc-status sc-substatus sc-win32-status
//	httperr 503 QueueFull         the line of the HTTP.sys error log: status ("-" for none) and reason
//	event 1002 TEXT               an event with this number, and with the text where one is given
//	begin TEXT                    a line of a beginning that holds the text
//	unfinished TEXT               the same, of a request that left no line at its end
//	nolog, nohttperr, noevent     no such line; noevent may name a number
//	refused, reset                nobody listens; the connection ends without an answer
//	count N EXPECTATION           exactly N of the answers, or of the lines, are so
//
// For a request that is sent several times an expectation without count holds for
// every answer, and there are as many W3C and HTTPERR lines as requests.
type Spec struct {
	Extension string  // of "variant extension"
	Inherit   string  // of "variant inherit"
	Speed     float64 // of "clock", 0 without
	BeginLog  bool    // of "begin log"
	Broken    []Request
	Remedies  []Section
}

// Section is the answers after one remedy.
type Section struct {
	Remedy   int
	Raises   []string // findings that this remedy may raise
	Requests []Request
}

// Request is one step of a section and what is expected of it: a request, a
// connection without one (Method is Connect), or a wait (URL is "").
type Request struct {
	Method, URL string
	Wait        time.Duration // by the server's clock
	User        string        // of "as"
	Password    string
	From        string // the client's address, "" for the usual one
	Times       int    // how often it is sent; 0 and 1 are once
	Parallel    bool   // all at once
	KeepAlive   bool
	SlowHead    time.Duration // the pause after each line of the head, by the server's clock
	Rate        int           // bytes a second that the client takes, 0 for all it can
	Send        Sending
	Expect      []Expectation
}

// String names the step: "GET http://www.contoso.com/", "wait 20m0s".
func (r Request) String() string {
	if r.URL == "" {
		return "wait " + r.Wait.String()
	}
	return r.Method + " " + r.URL
}

// Connect is the Method of a step that opens a connection and sends nothing.
const Connect = "connect"

// Expectation is one line: "status 404.3".
type Expectation struct {
	Kind       string // status, header, body: the first word of its line
	Text       string
	Source     string
	Documented bool
}

// String gives the line without its source: "status 404.3", "10 × status 200".
func (e Expectation) String() string {
	if n, of, ok := e.counted(); ok && e.Kind == "count" {
		return fmt.Sprintf("%d × %s", n, of)
	}
	return strings.TrimSpace(e.Kind + " " + e.Text)
}

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
	case "variant", "clock":
		return p.setting(word, rest)
	case "begin":
		if rest == "log" {
			p.spec.BeginLog = true
			return nil
		}
	case "broken":
		p.requests = &p.spec.Broken
		return nil
	case "remedy":
		return p.remedy(rest)
	case "request", "connect", "wait":
		return p.step(word, rest)
	case "send":
		r, err := p.last(line)
		if err != nil {
			return err
		}
		return r.send(rest)
	}
	return p.expectation(word, rest)
}

// setting reads a line that holds for the whole file.
func (p *specParser) setting(word, rest string) error {
	what, value, _ := strings.Cut(rest, " ")
	switch {
	case word == "variant" && what == "extension":
		p.spec.Extension = value
	case word == "variant" && what == "inherit":
		p.spec.Inherit = value
	case word == "clock":
		n, err := strconv.Atoi(rest)
		if err != nil || n < 1 || n > 100000 {
			return fmt.Errorf("clock %q; expected a number from 1 to 100000", rest)
		}
		p.spec.Speed = float64(n)
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

// step begins a step of the section.
func (p *specParser) step(word, rest string) error {
	if p.requests == nil {
		return fmt.Errorf("%s outside a section; expected broken before it", word)
	}
	r, err := parseStep(word, rest)
	if err != nil {
		return err
	}
	*p.requests = append(*p.requests, r)
	return nil
}

// last is the step that a line belongs to.
func (p *specParser) last(line string) (*Request, error) {
	if p.requests == nil || len(*p.requests) == 0 {
		return nil, fmt.Errorf("%s before the first request", line)
	}
	return &(*p.requests)[len(*p.requests)-1], nil
}
