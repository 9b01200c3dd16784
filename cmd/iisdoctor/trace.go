package main

import (
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/reports"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// answerFormats are those of trace and why.
var answerFormats = []string{"text", "json"}

func (p *program) trace() *cli.Command {
	return &cli.Command{
		Name:      "trace",
		Usage:     "shows how IIS would answer one request, step by step",
		ArgsUsage: "PATH... URL",
		Description: `Takes one request through the stages of IIS 6.0 and shows each of them, the value
that decided and where it is written. An IP address in the URL is also the address
the request arrives at; a name may arrive at any bound address. Steps whose place in
the order is not documented, and steps that rest on evidence that is not in the
snapshot, say so.`,
		UsageText: examples(
			"trace server http://www.contoso.com/data.json",
			"trace -o json server http://www.contoso.com/",
			"trace server http://www.contoso.com/ --user 'CONTOSO\\ann' --client-ip 203.0.113.7",
			"trace server http://www.contoso.com/form.asp --method POST --header 'Content-Length: 12'",
		),
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "method", Value: "GET", Usage: "`METHOD` of the request"},
			&cli.StringFlag{Name: "user", Usage: "`NAME` of a user who logs on with the right password where the site asks for it"},
			&cli.StringSliceFlag{Name: "header", Usage: "a header field `'NAME: VALUE'`; may be given several times"},
			&cli.StringFlag{Name: "client-ip", Value: "192.0.2.1", Usage: "`ADDRESS` of the client"},
			outputFlag(answerFormats), colorFlag(), verboseFlag("the place of every value, not only of the one that decided"),
		}, snapshotFlags()...),
		Action: p.runTrace,
	}
}

func (p *program) runTrace(c *cli.Context) error {
	args, err := arguments(c, 2, -1)
	if err != nil {
		return err
	}
	last := len(args) - 1
	outputs, err := parseOutputs(c.StringSlice("output"), answerFormats)
	if err != nil {
		return err
	}
	request, err := requestOf(c, args[last])
	if err != nil {
		return err
	}
	s, err := p.open(c, args[:last])
	if err != nil {
		return err
	}
	return p.answer(s, func() error {
		outcome := iis.New(s).Decide(request)
		return p.write(c, outputs, func(w io.Writer, format string, o reports.Options) error {
			return reports.WriteTrace(w, format, outcome, o)
		})
	})
}

func requestOf(c *cli.Context, url string) (iis.Request, error) {
	method := c.String("method")
	if !isToken(method) {
		return iis.Request{}, usage("", "--method %q is no method", method)
	}
	r, err := iis.ParseURL(method, url)
	if err != nil {
		return r, usage("", "%v", err)
	}
	for _, h := range c.StringSlice("header") {
		name, value, ok := strings.Cut(h, ":")
		if !ok || !isToken(name) {
			return r, usage("write it as --header 'Name: value'", "--header %q is no header field", h)
		}
		r.Header = append(r.Header, iis.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	r.ClientIP = c.String("client-ip")
	if net.ParseIP(r.ClientIP) == nil {
		return r, usage("", "--client-ip %q is no IP address", r.ClientIP)
	}
	r.User = c.String("user")
	r.Trusted = r.User != ""
	return r, nil
}

// isToken reports whether a word may be a method or a field name (RFC 2616 2.2).
func isToken(word string) bool {
	for _, r := range word {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r) {
			return false
		}
	}
	return word != ""
}

// answer runs a question about the snapshot. Problems are told beside the answer
// and make the exit code 3: what could not be read may change it.
func (p *program) answer(s *snapshot.Snapshot, ask func() error) error {
	for _, problem := range s.Problems {
		fmt.Fprintf(p.stderr, "iisdoctor: %s\n", reports.Visible(problem.String()))
	}
	if s.Metabase == nil && len(s.Problems) > 0 {
		return exitError{code: exitNotUnderstood}
	}
	if err := ask(); err != nil {
		return err
	}
	if len(s.Problems) > 0 {
		return exitError{code: exitNotUnderstood}
	}
	return nil
}
