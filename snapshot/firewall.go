package snapshot

import (
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Firewall is what netsh or the registry say of Windows Firewall. A nil Firewall
// knows nothing.
type Firewall struct {
	Profiles []FirewallProfile // domain, standard (private), public, or one connection
	Ports    []FirewallPort    // exceptions, allowed and blocked, in the order read
	current  string            // the profile in force; "" where nothing says it
}

// FirewallProfile is one set of settings.
type FirewallProfile struct {
	Name         string // domain, standard, public; the connection's name for a connection
	Connection   bool
	On           Known
	At           source.Span
	NoExceptions bool        // on without exceptions: no port is open
	NoneAt       source.Span // what says so
	AllowAll     bool        // the default for inbound connections is to allow them
}

// FirewallPort is one exception, or one rule for inbound connections.
type FirewallPort struct {
	Profile  string // as in FirewallProfile; "" for every profile
	Protocol string // TCP, UDP, or Any
	From, To uint16 // both ends; 0 to 65535 for every port
	Allow    bool
	Enabled  bool
	Narrow   bool   // only for some addresses, programs or services
	Name     string // as an administrator named it
	At       source.Span
}

// On reports whether the firewall is on in the profile in force; where nothing
// says which that is, only if all profiles agree.
func (f *Firewall) On() (Known, source.Span) {
	if f == nil {
		return Unknown, source.Span{}
	}
	answer, at := Unknown, source.Span{}
	for _, p := range f.Profiles {
		switch {
		case p.Connection || p.On == Unknown:
		case f.current != "" && p.Name == f.current:
			return p.On, p.At
		case f.current != "":
		case answer == Unknown:
			answer, at = p.On, p.At
		case answer != p.On:
			return Unknown, source.Span{}
		}
	}
	return answer, at
}

// Opens reports whether a remote client reaches a TCP port, and what says so: the
// exception that opens or blocks it, else the place that turns the firewall on or off.
// It is Unknown where profiles differ or an exception is only for some clients.
func (f *Firewall) Opens(port uint16) (Known, source.Span) {
	on, at := f.On()
	if on == No {
		return Yes, at
	}
	if f == nil {
		return Unknown, source.Span{}
	}
	answer, first := Unknown, true
	for _, p := range f.Profiles {
		if p.Connection || f.current != "" && p.Name != f.current {
			continue
		}
		here, where := f.inProfile(p, port)
		if !first && here != answer {
			return Unknown, source.Span{}
		}
		answer, first = here, false
		if !where.IsZero() {
			at = where
		}
	}
	if first { // no profile was read: a list of ports alone
		for _, e := range f.Ports {
			if e.opens(port) && !e.Narrow {
				return Yes, e.At
			}
		}
	}
	return answer, at
}

// inProfile answers for one profile. A block wins over what allows; a rule that is
// only for some clients decides nothing.
func (f *Firewall) inProfile(p FirewallProfile, port uint16) (Known, source.Span) {
	switch {
	case p.On == No:
		return Yes, p.At
	case p.On == Unknown:
		return Unknown, p.At
	case p.NoExceptions:
		return No, p.NoneAt
	}
	answer, at := known(p.AllowAll), p.At
	for _, c := range f.Profiles {
		if c.Connection && c.On == No && answer == No {
			answer, at = Unknown, c.At // which connection a client comes by is not known
		}
	}
	for _, e := range f.Ports {
		if e.Profile != "" && e.Profile != p.Name && !f.isConnection(e.Profile) {
			continue
		}
		switch {
		case e.blocks(port) && !e.Narrow:
			return No, e.At
		case (e.opens(port) || e.blocks(port)) && (e.Narrow || f.isConnection(e.Profile)):
			if answer == No {
				answer, at = Unknown, e.At
			}
		case e.opens(port):
			answer, at = Yes, e.At
		case e.covers(port) && e.Allow && !e.Enabled && answer == No && at == p.At:
			at = e.At // the exception is there, only turned off: that is what must change
		}
	}
	return answer, at
}

func (f *Firewall) isConnection(name string) bool {
	for _, p := range f.Profiles {
		if p.Connection && p.Name == name {
			return true
		}
	}
	return false
}

func (e FirewallPort) covers(port uint16) bool {
	return e.From <= port && port <= e.To && (e.Protocol == "TCP" || e.Protocol == "Any")
}
func (e FirewallPort) opens(port uint16) bool  { return e.Enabled && e.Allow && e.covers(port) }
func (e FirewallPort) blocks(port uint16) bool { return e.Enabled && !e.Allow && e.covers(port) }

// profile gives the profile of that name, new where it was not read yet.
func (f *Firewall) profile(name string) *FirewallProfile {
	for i := range f.Profiles {
		if f.Profiles[i].Name == name {
			return &f.Profiles[i]
		}
	}
	f.Profiles = append(f.Profiles, FirewallProfile{Name: name})
	return &f.Profiles[len(f.Profiles)-1]
}

// portRange reads "80" or "5000-5010"; false for what is no number (RPC, Any is
// the caller's).
func portRange(s string) (from, to uint16, ok bool) {
	low, high, dash := strings.Cut(strings.TrimSpace(s), "-")
	if !dash {
		high = low
	}
	a, errA := strconv.ParseUint(strings.TrimSpace(low), 10, 16)
	b, errB := strconv.ParseUint(strings.TrimSpace(high), 10, 16)
	return uint16(a), uint16(b), errA == nil && errB == nil && a <= b
}

// looksLikeFirewall recognises the output of netsh firewall and netsh advfirewall,
// in English. head is text.
func looksLikeFirewall(head []byte) bool {
	for at := 0; at < len(head); {
		end, next := nextLine(head, at)
		start, stop := trimmed(head, at, end)
		at = next
		line := string(head[start:min(stop, start+maxLine)])
		if fwHeading(line) != nil || strings.HasPrefix(line, "Rule Name:") || strings.EqualFold(line, "Firewall status:") {
			return true
		}
	}
	return false
}
