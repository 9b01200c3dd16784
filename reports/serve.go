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

// WriteSites writes where each site of a running server is to be found. A site
// that answers to a host header alone needs that header: a browser that opens the
// address itself sends another.
func WriteSites(w io.Writer, bindings []iis.Binding, endpoints []server.Endpoint, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		site, name, addr := "", "", ""
		for i := range bindings {
			binding := &bindings[i]
			if string(binding.Site) != site {
				site = string(binding.Site)
				p.line(p.bold(Visible(site)))
			}
			at := endpointOf(endpoints, binding)
			if !binding.Started || at == nil {
				p.line("  ", p.dim("not started: "+bound(binding)))
				continue
			}
			p.address(binding, at.Addr)
			if name == "" && !binding.Secure {
				name, addr = binding.Host, at.Addr
			}
		}
		if name != "" {
			p.browserNote(name, addr)
		}
		return nil
	})
}

// bound is a binding as the metabase writes it.
func bound(b *iis.Binding) string {
	return Visible(b.IP + ":" + strconv.Itoa(b.Port) + ":" + b.Host)
}

func endpointOf(endpoints []server.Endpoint, b *iis.Binding) *server.Endpoint {
	for i := range endpoints {
		if e := &endpoints[i]; e.IP == b.IP && e.Port == b.Port && e.Secure == b.Secure {
			return e
		}
	}
	return nil
}

// address is a URL to open, or a command that sends the host header.
func (p *printer) address(b *iis.Binding, addr string) {
	from := p.dim("  for " + bound(b))
	host, port, _ := net.SplitHostPort(addr)
	name := shellWord(b.Host)
	switch {
	case b.Host == "" && b.Secure:
		p.line("  ", p.code("https://"+addr+"/"), from)
	case b.Host == "":
		p.line("  ", p.code("http://"+addr+"/"), from)
	case b.Secure:
		p.line("  ", p.code("curl -k --resolve '"+name+":"+port+":"+host+"' 'https://"+name+":"+port+"/'"), from)
	default:
		p.line("  ", p.code("curl -H 'Host: "+name+"' http://"+addr+"/"), from)
	}
}

// browserNote tells how a browser reaches a site with a host header.
func (p *printer) browserNote(name, addr string) {
	host, port, _ := net.SplitHostPort(addr)
	p.line("For a browser, write the line \"", p.code(host+" "+Visible(name)), "\" into the hosts file and open")
	p.line("  ", p.code("http://"+Visible(name)+":"+port+"/"))
}

// shellWord leaves out what would end a quoted word.
func shellWord(s string) string { return Visible(strings.ReplaceAll(s, "'", "")) }

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
	if a.Decided != "" {
		return a.Decided
	}
	if fields := strings.Fields(a.Line.Line); a.Line.Kind == server.HTTPERR && len(fields) > 11 {
		return "HTTP.sys: " + fields[11]
	}
	return "the server's state"
}
