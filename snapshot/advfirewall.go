package snapshot

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// fwRule is one rule of "netsh advfirewall firewall show rule" or of the registry
// while it is read: its lines by name, folded.
type fwRule struct {
	at    source.Span
	lines map[string]string
}

// ruleLine takes the lines of a rule; a rule begins with its name and ends before
// the next one.
func (r *fwReader) ruleLine(at source.Span, line string) bool {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return false
	}
	name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
	if name == "rule name" {
		r.endRule()
		r.rule = &fwRule{at: at, lines: map[string]string{"name": value}}
		r.scope, r.table, r.understood = "", "", true
		return true
	}
	if r.rule == nil || len(r.rule.lines) > 32 {
		return false
	}
	r.rule.lines[name] = value
	return true
}

func (r *fwReader) endRule() {
	if r.rule != nil {
		r.addRule(*r.rule)
	}
	r.rule = nil
}

// addRule keeps a rule for inbound TCP, one entry for each profile and range.
func (f *Firewall) addRule(rule fwRule) {
	is := func(name, value string) bool { return strings.EqualFold(rule.lines[name], value) }
	protocol := strings.ToUpper(rule.lines["protocol"])
	if protocol == "ANY" || protocol == "" {
		protocol = "Any"
	}
	if !is("direction", "In") || protocol != "TCP" && protocol != "Any" {
		return
	}
	e := FirewallPort{
		Protocol: protocol, Allow: !is("action", "Block"), Enabled: is("enabled", "Yes"), Name: rule.lines["name"], At: rule.at,
		Narrow: leavesOut(rule.lines["remoteip"]) || leavesOut(rule.lines["localip"]) || leavesOut(rule.lines["program"]) || leavesOut(rule.lines["service"]) || is("action", "Bypass"),
	}
	profiles := []string{""}
	if p := rule.lines["profiles"]; p != "" && !strings.EqualFold(p, "Any") && strings.Count(p, ",") < 2 {
		profiles = strings.Split(p, ",")
	}
	ports := rule.lines["localport"]
	if ports == "" || strings.EqualFold(ports, "Any") {
		ports = "0-65535"
	}
	for _, one := range strings.Split(ports, ",") {
		var ok bool
		if e.From, e.To, ok = portRange(one); !ok {
			continue // RPC, RPC-EPMap, IPHTTPS: none is a port of IIS
		}
		for _, p := range profiles {
			e.Profile = profileName(strings.TrimSpace(p))
			f.Ports = append(f.Ports, e)
		}
	}
}

// leavesOut reports whether a condition of a rule leaves someone out. HTTP.sys listens
// as the program System.
func leavesOut(condition string) bool {
	return condition != "" && condition != "*" && !strings.EqualFold(condition, "Any") && !strings.EqualFold(condition, "System")
}
