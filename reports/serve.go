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
			if !binding.Started {
				p.line("  ", p.dim("not started: "+bound(binding)))
				continue
			}
			if at == nil {
				p.line("  ", p.dim("not served, as no more than "+count(server.MaxEndpoints, "address", "addresses")+" are: "+bound(binding)))
				continue
			}
			if at.Closed {
				p.line("  ", p.dim("closed by Windows Firewall, a client's attempt to connect times out: "+bound(binding)))
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

// WriteMappedSites writes the URL of each site of a server that has a port for every
// site. It opens in a browser as it is.
func WriteMappedSites(w io.Writer, bindings []iis.Binding, endpoints []server.Endpoint, o Options) error {
	return flush(w, func(b *bytes.Buffer) error {
		p := newPrinter(b, o)
		full := len(endpoints) == server.MaxEndpoints
		entries := map[string]*server.Endpoint{}
		for i := range endpoints {
			if e := &endpoints[i]; e.Entry {
				entries[e.Site.Fold()] = e
			}
		}
		for len(bindings) > 0 {
			n := 1
			for n < len(bindings) && bindings[n].Site.Equal(bindings[0].Site) {
				n++
			}
			p.mappedSite(bindings[:n], entries[bindings[0].Site.Fold()], full)
			bindings = bindings[n:]
		}
		return nil
	})
}

// mappedSite writes one site: its URL, or why it has none.
func (p *printer) mappedSite(bindings []iis.Binding, e *server.Endpoint, full bool) {
	site := bindings[0].Site
	p.line(p.bold(Visible(string(site))))
	var all []string
	for i := range bindings {
		all = append(all, bound(&bindings[i]))
	}
	from := p.dim("  for " + strings.Join(all, ", "))
	why := ""
	switch {
	case e != nil && e.Closed:
		why = "closed by Windows Firewall, a client's attempt to connect times out: "
	case e != nil && e.Secure:
		p.line("  ", p.code("https://"+e.Addr+"/"), from)
		return
	case e != nil:
		p.line("  ", p.code("http://"+e.Addr+"/"), from)
		return
	case !bindings[0].Started:
		why = "not started: "
	case full:
		why = "not served, as no more than " + count(server.MaxEndpoints, "port", "ports") + " are: "
	default:
		why = "another site takes its requests: "
	}
	p.line("  ", p.dim(why+strings.Join(all, ", ")))
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

// Live writes one line for each request that a server answers: method, URL, status,
// the stage that decided and, where it refused, the place of what decided.
type Live struct {
	w io.Writer
	p *printer

	served map[served]string // lines of requests that were served: most come again
}

// served is what the line of a served request tells.
type served struct {
	method, host, ip, path, query string
	port                          int
	secure                        bool
	status                        iis.Status
	stage                         string
}

// maxServed bounds the lines that are remembered.
const maxServed = 256

// NewLive prepares to write to w.
func NewLive(w io.Writer, o Options) *Live {
	return &Live{w: w, p: newPrinter(new(bytes.Buffer), o), served: map[served]string{}}
}

// Answer writes the line of one request. It must not be called twice at once.
func (l *Live) Answer(a *server.Answer) error {
	if a.Status.Failed() || a.Status == "" {
		_, err := l.w.Write(l.line(a))
		return err
	}
	r := &a.Outcome.Request
	key := served{r.Method, r.Host, r.IP, r.Path, r.Query, r.Port, r.Secure, a.Status, a.Stage()}
	line, known := l.served[key]
	if !known {
		line = string(l.line(a))
		if len(l.served) == maxServed {
			clear(l.served)
		}
		l.served[key] = line
	}
	_, err := io.WriteString(l.w, line)
	return err
}

// line is the line of one request, until the next is asked for.
func (l *Live) line(a *server.Answer) []byte {
	p, request := l.p, &a.Outcome.Request
	p.Reset()
	method, url := request.Method+" ", ""
	if request.Path == "" {
		method = "(no request that HTTP.sys accepts)"
	} else {
		url = requestURL(*request)
	}
	status, paint := string(a.Status), p.pass
	switch {
	case status == "":
		status, paint = "no answer", p.error
	case a.Status.Failed():
		paint = p.error
	}
	p.line(Visible(method), Visible(url), "  ", paint(Visible(status)), "  ", p.dim(Visible(a.Stage()+placeOf(a))))
	return p.Bytes()
}

// placeOf is where the value stands that refused the request, and the code of an
// error that ASP found before the page ran.
func placeOf(a *server.Answer) (text string) {
	out := &a.Outcome
	if !a.Status.Failed() || a.Status != out.Status || a.Decided != "" {
		return ""
	}
	if out.ASP != nil {
		text = ": " + out.ASP.Code + ", " + out.ASP.Title
	}
	if out.Because != nil && !out.Because.Span.IsZero() {
		text += "  " + out.Because.Span.Pos().String()
	}
	return text
}
