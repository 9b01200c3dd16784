package reports

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/server"
)

// WriteSites writes where each started site of a running server is to be found.
// A site that answers to a host header alone needs that header: a browser that
// opens the address sends another.
func WriteSites(w io.Writer, bindings []iis.Binding, endpoints []server.Endpoint, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		site := ""
		for _, binding := range bindings {
			at := endpointOf(endpoints, binding)
			if !binding.Started || at == nil {
				continue
			}
			if string(binding.Site) != site {
				site = string(binding.Site)
				p.line(p.bold(Visible(site)))
			}
			p.address(binding, at.Addr)
		}
		return nil
	})
}

func endpointOf(endpoints []server.Endpoint, b iis.Binding) *server.Endpoint {
	for i := range endpoints {
		if e := &endpoints[i]; e.IP == b.IP && e.Port == b.Port && e.Secure == b.Secure {
			return e
		}
	}
	return nil
}

// address is a URL to open, or a command that sends the host header.
func (p *printer) address(b iis.Binding, addr string) {
	scheme, trust := "http", ""
	if b.Secure {
		scheme, trust = "https", " -k"
	}
	from := p.dim("  for " + Visible(b.IP+":"+strconv.Itoa(b.Port)+":"+b.Host))
	if b.Host == "" {
		p.line("  ", p.code(scheme+"://"+addr+"/"), from)
		return
	}
	host, port, _ := net.SplitHostPort(addr)
	name := Visible(strings.ReplaceAll(b.Host, "'", ""))
	if b.Secure {
		p.line("  ", p.code("curl"+trust+" --resolve '"+name+":"+port+":"+host+"' 'https://"+name+":"+port+"/'"), from)
		return
	}
	p.line("  ", p.code("curl -H 'Host: "+name+"' http://"+addr+"/"), from)
}

// WriteAnswer writes one line for a request that was answered: method, URL,
// status and the stage that decided.
func WriteAnswer(w io.Writer, a server.Answer, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		request := a.Outcome.Request
		what := request.Method + " " + requestURL(request)
		if request.Path == "" {
			what = "(no request that HTTP.sys accepts)"
		}
		status, paint := string(a.Status), p.pass
		switch {
		case status == "":
			status, paint = "no answer", p.error
		case a.Status.Failed():
			paint = p.error
		}
		p.line(Visible(what), "  ", paint(Visible(status)), "  ", p.dim(Visible(decided(a))))
		return nil
	})
}

// decided is the stage of the answer. Where the server's own state decided, not
// the configuration, the log line says why.
func decided(a server.Answer) string {
	if a.Status == a.Outcome.Status && a.Outcome.Stage != "" {
		return a.Outcome.Stage
	}
	if fields := strings.Fields(a.Line.Line); a.Line.Kind == server.HTTPERR && len(fields) > 11 {
		return "HTTP.sys: " + fields[11]
	}
	return "the server's state"
}
