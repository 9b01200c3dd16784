package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// closedPorts are the ports of sites that one place of the firewall keeps closed.
type closedPorts struct {
	ports    []int
	bindings []iis.Binding
}

// firewallClosed: Windows Firewall is on and has no exception for a port that a
// started site is bound to (S1, "Clients cannot connect to server").
func firewallClosed(p *pass) {
	var found byPlace[closedPorts]
	places := []source.Span{}
	for _, b := range p.model.Bindings() {
		open, at := p.snapshot.Firewall.Opens(uint16(b.Port))
		if !b.Started || ownLoop(b) || open != snapshot.No {
			continue
		}
		c, fresh := found.get(at)
		if fresh {
			places = append(places, at)
		}
		c.bindings = append(c.bindings, b)
		c.ports = append(c.ports, b.Port)
	}
	for i, c := range found.order {
		p.report(c.finding(p, places[i]))
	}
}

// ownLoop reports whether only programs of the server itself reach a binding.
func ownLoop(b iis.Binding) bool {
	return strings.HasPrefix(b.IP, "127.") || b.IP == "::1" || b.IP == "[::1]"
}

func (c *closedPorts) finding(p *pass, at source.Span) Finding {
	slices.Sort(c.ports)
	c.ports = slices.Compact(c.ports)
	var names []string
	for _, port := range c.ports {
		names = append(names, strconv.Itoa(port))
	}
	b := c.bindings[0]
	f := Finding{
		Message: fmt.Sprintf("Windows Firewall is on and lets nobody through to TCP port %s: clients on other computers get no connection, while the server itself can open the pages", strings.Join(names, ", ")),
		Span:    at, Property: "Windows Firewall", Value: strings.TrimSpace(string(at.Bytes())),
		Witness:  &Witness{Method: "GET", URL: outside(&b), address: b.Address()},
		Remedies: []Remedy{c.open(p.snapshot)},
	}
	for i := range c.bindings {
		f.Affects = append(f.Affects, outside(&c.bindings[i]))
	}
	return f
}

// outside is the address of a binding as a client on another computer writes it: where
// the binding names no host, the server's name stands for it.
func outside(b *iis.Binding) string {
	named := *b
	if b.Host == "" && b.IP == "" {
		named.Host = "server"
	}
	return named.URL("/")
}

// open makes an exception for each port, and allows exceptions where none count.
func (c *closedPorts) open(s *snapshot.Snapshot) Remedy {
	r := Remedy{
		Title: "Open the ports of the sites",
		Steps: []string{
			"Control Panel, Windows Firewall, Exceptions tab, Add Port: TCP and the number of the port. Before Service Pack 1: Network Connections, the connection's Properties, Advanced tab, Settings, Services tab: select Web Server (HTTP) and Secure Web Server (HTTPS).",
			"Leave the firewall on.",
		},
	}
	for _, profile := range s.Firewall.WithoutExceptions() {
		r.Edits = append(r.Edits, snapshot.Edit{Kind: snapshot.EditFirewall, Target: snapshot.FirewallExceptions, Property: profile, Op: metabase.Set, Value: "ENABLE"})
		r.Steps[1] = "On the General tab clear Don't allow exceptions. Leave the firewall on."
	}
	with := s.Apply(r.Edits).Firewall // an exception opens just its own port
	for _, port := range c.ports {
		if open, _ := with.Opens(uint16(port)); open != snapshot.Yes {
			r.Edits = append(r.Edits, exception(port))
		}
	}
	return r
}

func exception(port int) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditFirewall, Target: "TCP " + strconv.Itoa(port), Op: metabase.Add, Value: exceptionName(port)}
}

func exceptionName(port int) string {
	switch port {
	case 80:
		return "HTTP"
	case 443:
		return "HTTPS"
	}
	return "Web server " + strconv.Itoa(port)
}
