package snapshot

import (
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// FirewallExceptions is the target of an edit that allows exceptions in one profile.
const FirewallExceptions = "exceptions"

// WithoutExceptions are the names of the profiles, in force as far as is known, that are
// on and let no exception count.
func (f *Firewall) WithoutExceptions() (names []string) {
	if f == nil {
		return nil
	}
	for _, p := range f.Profiles {
		if p.On == Yes && p.NoExceptions && !p.Connection && (f.current == "" || f.current == p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// ReadFirewallPort takes the target of an edit apart: "TCP 80".
func ReadFirewallPort(target string) (protocol string, port uint16, ok bool) {
	protocol, number, found := strings.Cut(target, " ")
	from, to, ok := portRange(number)
	return protocol, from, found && ok && from == to && from > 0 && (protocol == "TCP" || protocol == "UDP")
}

// with gives the firewall after the edits; f itself stays as it is.
func (f *Firewall) with(edits []Edit) *Firewall {
	if f == nil || len(edits) == 0 {
		return f
	}
	after := &Firewall{Profiles: slices.Clone(f.Profiles), Ports: slices.Clone(f.Ports), current: f.current}
	for _, e := range edits {
		protocol, port, ok := ReadFirewallPort(e.Target)
		switch {
		case ok && e.Op == metabase.Add:
			after.open(protocol, port, e.Value)
		case e.Target == FirewallExceptions && e.Op == metabase.Set && e.Value == "ENABLE":
			for i := range after.Profiles {
				p := &after.Profiles[i]
				p.NoExceptions = p.NoExceptions && p.Name != e.Property
			}
		}
	}
	return after
}

// open makes an exception for everybody in every profile. It takes the place of one
// that exists for just this port: netsh has one for each port and protocol.
func (f *Firewall) open(protocol string, port uint16, name string) {
	e := FirewallPort{Protocol: protocol, From: port, To: port, Allow: true, Enabled: true, Name: name}
	if _, at := f.On(); !at.IsZero() {
		e.At = at
	}
	f.Ports = slices.DeleteFunc(f.Ports, func(old FirewallPort) bool {
		same := old.Allow && old.Protocol == protocol && old.From == port && old.To == port
		if same {
			e.At = old.At
		}
		return same
	})
	f.Ports = append(f.Ports, e)
}
