package snapshot

import (
	"regexp"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// ReadFirewall reads what netsh printed, in English: netsh firewall show config,
// show state or show portopening; netsh advfirewall show allprofiles; netsh
// advfirewall firewall show rule name=all.
func ReadFirewall(t *source.Text) (*Firewall, []source.Problem) {
	f := &Firewall{}
	return f, f.Read(t)
}

// Read reads a further output into f.
func (f *Firewall) Read(t *source.Text) []source.Problem {
	r := fwReader{Firewall: f, problemList: problemList{text: t}}
	b := t.Bytes()
	for at := 0; at < len(b); {
		lineEnd, next := nextLine(b, at)
		start, end := trimmed(b, at, lineEnd)
		at = next
		if start < end && end-start <= maxLine {
			r.line(t.Span(start, end), string(b[start:end]))
		}
		if len(f.Ports) > maxRules {
			r.add(start, end, "more rules than are read", "", "")
			break
		}
	}
	r.endRule()
	if !r.understood {
		r.add(0, 0, "no profile, port or rule of Windows Firewall", "the output of netsh firewall show config, in English",
			`On a server in another language export the registry key HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess instead.`)
	}
	return r.all()
}

// maxRules bounds the exceptions that are read; a server has a few hundred.
const maxRules = 100_000

// fwReader goes through one output.
type fwReader struct {
	*Firewall
	problemList
	understood bool
	scope      string // the profile or connection that the next lines are about
	table      string // which table's rows come: "port", "open" or "" for others
	rule       *fwRule
}

// headings of both netsh contexts; group 1 names the profile or connection.
var (
	fwProfile = source.Lazy(`(?i)^(domain|standard|private|public) profile configuration( \(current\))?:$`)
	fwSetting = source.Lazy(`(?i)^(domain|private|public) profile settings:$`)
	fwConn    = source.Lazy(`(?i)^(.{1,256}) firewall configuration:$`)
	fwPorts   = source.Lazy(`(?i)^port configuration for (?:(domain|standard|private|public) profile|(.{1,256}))( \(current\))?:$`)
	fwOther   = source.Lazy(`(?i)^(service configuration|allowed programs configuration|icmp configuration|log configuration)\b.*:$`)
	fwOpen    = source.Lazy(`(?i)^ports currently open on all network interfaces:$`)
	fwValue   = source.Lazy(`^([A-Za-z/ ]+?)\s*=\s*(\S.*)$`)
	fwState   = source.Lazy(`^(State|Firewall Policy)\s{2,}(\S.*)$`)
	fwRow     = source.Lazy(`(?i)^(\d{1,5}(?:-\d{1,5})?)\s+(TCP|UDP)\s+(\S+)\s*(.*)$`)
)

// fwHeading gives the match of a line that begins a part of the output.
func fwHeading(line string) []string {
	if !strings.HasSuffix(line, ":") {
		return nil
	}
	for _, re := range []*regexp.Regexp{fwProfile(), fwSetting(), fwPorts(), fwOpen()} {
		if m := re.FindStringSubmatch(line); m != nil {
			return m
		}
	}
	return nil
}

func profileName(s string) string {
	if s = strings.ToLower(s); s == "private" {
		return "standard" // Vista's name for it
	}
	return s
}

func (r *fwReader) line(at source.Span, line string) {
	if r.heading(line) || r.ruleLine(at, line) {
		return
	}
	switch c := line[0]; {
	case r.table != "" && '0' <= c && c <= '9':
		if m := fwRow().FindStringSubmatch(line); m != nil {
			r.row(at, m)
		}
	case r.table == "port" && strings.HasPrefix(line, "Scope:") && len(r.Ports) > 0:
		r.Ports[len(r.Ports)-1].Narrow = strings.TrimSpace(line[len("Scope:"):]) != "*"
	case r.scope == "":
	case strings.Contains(line, "="):
		if m := fwValue().FindStringSubmatch(line); m != nil {
			r.setting(at, strings.ToLower(m[1]), m[2])
		}
	case c == 'S' || c == 'F':
		if m := fwState().FindStringSubmatch(line); m != nil {
			r.state(at, strings.ToLower(m[1]), m[2])
		}
	}
}

func (r *fwReader) heading(line string) bool {
	if !strings.HasSuffix(line, ":") {
		return false
	}
	table := ""
	switch {
	case strings.EqualFold(line, "Firewall status:"):
		r.scope = "state"
	case fwOpen().MatchString(line):
		table = "open"
	case fwProfile().MatchString(line):
		m := fwProfile().FindStringSubmatch(line)
		r.scope = profileName(m[1])
		if m[2] != "" {
			r.current = r.scope
		}
	case fwSetting().MatchString(line):
		r.scope = profileName(fwSetting().FindStringSubmatch(line)[1])
	case fwPorts().MatchString(line):
		m := fwPorts().FindStringSubmatch(line)
		if r.scope, table = profileName(m[1]), "port"; m[1] == "" {
			r.scope = m[2]
			r.profile(m[2]).Connection = true
		}
	case fwConn().MatchString(line):
		r.scope = fwConn().FindStringSubmatch(line)[1]
		r.profile(r.scope).Connection = true
	case fwOther().MatchString(line):
	default:
		return false
	}
	r.endRule()
	r.table, r.understood = table, r.understood || r.scope != "" || table != ""
	return true
}

// setting reads "Operational mode = Enable". In show state the name of the profile
// comes first and the settings are those in force.
func (r *fwReader) setting(at source.Span, name, value string) {
	if r.scope == "" {
		return
	}
	if name == "profile" && r.scope == "state" {
		r.scope = profileName(value)
		r.current = r.scope
		return
	}
	on, off := strings.EqualFold(value, "Enable"), strings.EqualFold(value, "Disable")
	if !on && !off || r.scope == "state" {
		return
	}
	switch name {
	case "operational mode":
		p := r.profile(r.scope)
		p.On, p.At = known(on), at
	case "exception mode":
		p := r.profile(r.scope)
		p.NoExceptions, p.NoneAt = off, at
	}
}

// state reads the lines of advfirewall: "State   ON" and "Firewall Policy
// BlockInbound,AllowOutbound".
func (r *fwReader) state(at source.Span, name, value string) {
	p := r.profile(r.scope)
	switch lower := strings.ToLower(value); {
	case name == "state" && (lower == "on" || lower == "off"):
		p.On, p.At = known(lower == "on"), at
	case name == "state":
		r.add(at.Start, at.End, "a state that is neither ON nor OFF", "", "")
	default:
		p.AllowAll = strings.HasPrefix(lower, "allowinbound")
		if strings.HasPrefix(lower, "blockinboundalways") {
			p.NoExceptions, p.NoneAt = true, at
		}
	}
}

// row reads a port: "80  TCP  Enable  HTTP", since Vista with a traffic direction
// before the name; in show state "80  TCP  Any  (null)", which lists open ports only.
func (r *fwReader) row(at source.Span, m []string) {
	from, to, ok := portRange(m[1])
	if !ok {
		r.add(at.Start, at.End, "a port that is no number up to 65535", "", "")
		return
	}
	e := FirewallPort{Profile: r.scope, Protocol: strings.ToUpper(m[2]), From: from, To: to, Allow: true, Enabled: true, At: at}
	if r.table == "open" {
		e.Profile = r.current
		r.Ports = append(r.Ports, e)
		return
	}
	switch {
	case strings.EqualFold(m[3], "Disable"):
		e.Enabled = false
	case !strings.EqualFold(m[3], "Enable"):
		r.add(at.Start, at.End, "a port whose mode is neither Enable nor Disable", "", "")
		return
	}
	e.Name = m[4]
	if rest, ok := strings.CutPrefix(m[4], "Inbound "); ok {
		e.Name = strings.TrimSpace(rest)
	} else if strings.HasPrefix(m[4], "Outbound ") {
		return
	}
	r.Ports = append(r.Ports, e)
}
