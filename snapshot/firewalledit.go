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
	var opened []FirewallPort
	for _, e := range edits {
		protocol, port, ok := ReadFirewallPort(e.Target)
		switch {
		case ok && e.Op == metabase.Add:
			opened = append(opened, FirewallPort{Protocol: protocol, From: port, To: port, Allow: true, Enabled: true, Name: e.Value})
		case e.Target == FirewallExceptions && e.Op == metabase.Set && e.Value == "ENABLE":
			for i := range after.Profiles {
				p := &after.Profiles[i]
				p.NoExceptions = p.NoExceptions && p.Name != e.Property
			}
		}
	}
	after.open(opened)
	return after
}

// open makes exceptions for everybody in every profile. One takes the place of those
// that exist for just this port, and of an earlier one of the edits: netsh has one for
// each port and protocol.
func (f *Firewall) open(opened []FirewallPort) {
	type port struct {
		protocol string
		number   uint16
	}
	_, on := f.On()
	last := map[port]int{}
	for i := range opened {
		opened[i].At = on
		last[port{opened[i].Protocol, opened[i].From}] = i
	}
	f.Ports = slices.DeleteFunc(f.Ports, func(old FirewallPort) bool {
		i, same := last[port{old.Protocol, old.From}]
		if same = same && old.Allow && old.From == old.To; same {
			opened[i].At = old.At
		}
		return same
	})
	for i, e := range opened {
		if last[port{e.Protocol, e.From}] == i {
			f.Ports = append(f.Ports, e)
		}
	}
}
