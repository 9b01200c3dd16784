package server

import (
	"bytes"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/source"
)

// Bounds of one page.
const (
	maxIncludes     = 2000
	maxIncludeDepth = 32
	maxOperations   = 200000
)

// operation is one step of a page with its included files laid in. Exactly one of
// literal, expr and stmt is set.
type operation struct {
	literal []byte
	expr    *asp.Statement
	stmt    *asp.Statement
	file    *source.Text
	word    string // of a statement: its first word
	rest    string // what follows it
	jump    int    // blocks: the operation that belongs to this one
	inline  bool   // If ... Then with statements on the same line
	bad     bool   // a block that is not modelled or not closed
	url     string // of an included file; "" for the page's own
}

// program is a page ready to run.
type program struct {
	list     []operation
	included int
	content  contentReader
	targets  map[source.Span]iis.Page // include directives and the files they name
	routines map[string]*routine      // by name
}

type contentReader func(source.WinPath) (*source.Text, error)

// programOf lays a page and its included files out and finds the ends of its blocks.
func (x *exchange) programOf(text *source.Text) *program {
	t := &x.out.Target
	p := &program{content: x.snapshot.Content.Text, targets: map[source.Span]iis.Page{}}
	directives, _ := x.model.Directives(iis.Page{Site: t.Site, File: t.Physical, Root: t.RootPath, URL: t.URL})
	for _, d := range directives {
		p.targets[d.Span] = d.To
	}
	p.add(text, "", 0)
	p.match()
	p.noteRoutines()
	return p
}

func (p *program) add(text *source.Text, url string, depth int) {
	for _, part := range asp.Scan(text).Parts() {
		if len(p.list) >= maxOperations {
			return
		}
		switch {
		case part.Include != nil:
			p.include(part.Include, depth)
		case part.Expr != nil:
			p.list = append(p.list, operation{expr: part.Expr, file: text, url: url})
		case part.Statement != nil:
			op := operationOf(part.Statement, text)
			op.url = url
			p.list = append(p.list, op)
		default:
			p.list = append(p.list, operation{literal: part.Literal.Bytes(), file: text})
		}
	}
}

func operationOf(s *asp.Statement, in *source.Text) operation {
	word, rest := firstWord(strings.TrimRight(s.Text, "; \t"))
	if word == "public" || word == "private" { // Public Sub is Sub
		if next, tail := firstWord(rest); next == "sub" || next == "function" {
			word, rest = next, tail
		}
	}
	return operation{stmt: s, file: in, word: word, rest: rest, jump: -1}
}

func (p *program) include(inc *asp.Include, depth int) {
	p.included++
	if depth >= maxIncludeDepth || p.included > maxIncludes {
		return
	}
	to := p.targets[inc.Span]
	text, err := p.content(to.File)
	if err != nil {
		p.list = append(p.list, operation{literal: []byte("<!-- " + escape(inc.Target) + " is not in the snapshot -->")})
		return
	}
	p.add(text, to.URL, depth+1)
}

// match joins the statements of each block: For and Next, Do and Loop, While and
// Wend, If, its branches and End If, Sub and End Sub.
func (p *program) match() {
	var open []int
	for i := range p.list {
		op := &p.list[i]
		if op.stmt == nil {
			continue
		}
		if op.isIf() && p.sameLine(i) {
			p.matchInline(i)
			continue
		}
		kind := op.block()
		switch kind {
		case 'o':
			open = append(open, i)
			op.bad = true // until it is closed
		case 'b', 'c':
			if len(open) == 0 || !p.belongs(open[len(open)-1], i) {
				op.bad = !op.inline
				continue
			}
			p.close(open[len(open)-1], i)
			open = open[:len(open)-1]
			if kind == 'b' {
				open = append(open, i)
				op.bad = true
			}
		}
	}
}

// close joins the last part of a block with the next one.
func (p *program) close(at, end int) {
	p.list[at].jump, p.list[at].bad = end, false
	if w := p.list[end].word; w == "next" || w == "loop" || w == "wend" {
		p.list[end].jump = at
	}
}

// block is 'o' for a statement that opens a block, 'b' for one that goes on with it
// (Else), 'c' for one that closes it, 0 for any other.
func (op *operation) block() byte {
	second, _ := firstWord(op.rest)
	switch op.word {
	case "for", "do", "while", "sub", "function", "class", "select":
		return 'o'
	case "if":
		return 'o'
	case "case":
		return 'b'
	case "elseif", "else":
		if op.inline {
			return 0
		}
		return 'b'
	case "next", "loop", "wend":
		return 'c'
	case "end":
		if second == "if" && op.inline {
			return 0
		}
		switch second {
		case "if", "sub", "function", "class", "select":
			return 'c'
		}
	}
	return 0
}

// belongs reports whether a statement goes on with or closes the block.
func (p *program) belongs(opened, at int) bool {
	a, b := &p.list[opened], &p.list[at]
	second, _ := firstWord(b.rest)
	switch a.word {
	case "for":
		return b.word == "next"
	case "do":
		return b.word == "loop"
	case "while":
		return b.word == "wend"
	case "if", "elseif":
		return b.word == "else" || b.word == "elseif" || b.word == "end" && second == "if"
	case "else":
		return b.word == "end" && second == "if"
	case "select", "case":
		return b.word == "case" || b.word == "end" && second == "select"
	}
	return b.word == "end" && second == a.word
}

func (op *operation) isIf() bool {
	return op.word == "if" && strings.HasSuffix(strings.ToLower(op.rest), "then")
}

// sameLine reports whether the next operation is a statement on the same line of
// the same run of script.
func (p *program) sameLine(i int) bool {
	if i+1 >= len(p.list) {
		return false
	}
	a, b := &p.list[i], &p.list[i+1]
	if b.stmt == nil || a.file != b.file || b.stmt.Span.Start < a.stmt.Span.End {
		return false
	}
	between := a.file.Bytes()[a.stmt.Span.End:b.stmt.Span.Start]
	return !bytes.ContainsAny(between, "\r\n") && !bytes.Contains(between, []byte("%>"))
}

// matchInline finds the branches of an If that stands on one line: jump is where
// the run goes on if the condition fails; an Else jumps behind the line.
func (p *program) matchInline(at int) {
	head, branch := &p.list[at], -1
	end := at
	for p.sameLine(end) {
		end++
		switch op := &p.list[end]; {
		case op.isIf() || op.block() == 'o':
			head.bad = true
		case op.word == "else" && branch < 0:
			branch, op.inline = end, true
		case op.word == "end" && strings.EqualFold(op.rest, "if"):
			op.inline = true
		}
	}
	head.inline, head.jump = true, end+1
	if branch >= 0 {
		head.jump, p.list[branch].jump = branch+1, end+1
	}
}

// firstWord splits a statement behind its dotted name, in lower case.
func firstWord(s string) (word, rest string) {
	i := 0
	for i < len(s) && (isAlnum(s[i]) || s[i] == '.' || s[i] == '_') {
		i++
	}
	return strings.ToLower(s[:i]), strings.TrimSpace(s[i:])
}
