package snapshot

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// FirewallFrom reads the firewall's settings out of a registry, nil where it holds
// none. Settings of group policy win over the server's own.
func FirewallFrom(r *Registry) *Firewall {
	f := &Firewall{}
	for _, p := range []struct{ name, key string }{{"domain", "DomainProfile"}, {"standard", "StandardProfile"}, {"public", "PublicProfile"}} {
		f.fromKey(r, RegFirewall+`\`+p.key, p.name)
		f.fromKey(r, RegPolicies+`\`+p.key, p.name)
	}
	for _, key := range []string{RegFirewall + `\FirewallRules`, RegPolicies + `\FirewallRules`} {
		for _, v := range r.Values(key) {
			if text, ok := v.Str(); ok {
				f.addRule(registryRule(text, v.At))
			}
		}
	}
	if len(f.Profiles) == 0 && len(f.Ports) == 0 {
		return nil
	}
	return f
}

// fromKey reads one profile: EnableFirewall, DoNotAllowExceptions and the ports.
func (f *Firewall) fromKey(r *Registry, key, name string) {
	if r.HasKey(key) != Yes {
		return
	}
	if v, ok := r.number(key, "EnableFirewall"); ok {
		p := f.profile(name)
		n, _ := v.DWORD()
		p.On, p.At = known(n != 0), v.At
	}
	if v, ok := r.number(key, "DoNotAllowExceptions"); ok {
		p := f.profile(name)
		n, _ := v.DWORD()
		p.NoExceptions, p.NoneAt = n != 0, v.At
	}
	if v, ok := r.number(key, "DefaultInboundAction"); ok {
		n, _ := v.DWORD()
		f.profile(name).AllowAll = n == 0
	}
	for _, v := range r.Values(key + `\GloballyOpenPorts\List`) {
		if text, ok := v.Str(); ok {
			f.openPort(text, name, v.At)
		}
	}
}

func (r *Registry) number(key, name string) (RegValue, bool) {
	v, known := r.Value(key, name)
	if known != Yes {
		return v, false
	}
	_, ok := v.DWORD()
	return v, ok
}

// openPort reads "80:TCP:*:Enabled:HTTP": port, protocol, scope, state and name,
// which may hold colons itself.
func (f *Firewall) openPort(text, profile string, at source.Span) {
	parts := strings.SplitN(text, ":", 5)
	if len(parts) < 4 {
		return
	}
	from, to, ok := portRange(parts[0])
	if !ok {
		return
	}
	e := FirewallPort{
		Profile: profile, Protocol: strings.ToUpper(parts[1]), From: from, To: to, Allow: true,
		Enabled: strings.EqualFold(parts[3], "Enabled"), Narrow: parts[2] != "*", At: at,
	}
	if len(parts) == 5 {
		e.Name = parts[4]
	}
	f.Ports = append(f.Ports, e)
}

// registryRule reads a rule of Vista and later, as MS-GPFAS 2.2.2 writes it:
// v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=80|Name=HTTP|
func registryRule(text string, at source.Span) fwRule {
	rule := fwRule{at: at, lines: map[string]string{}}
	join := func(name, value string) {
		if old := rule.lines[name]; old != "" {
			value = old + "," + value
		}
		rule.lines[name] = value
	}
	for i, part := range strings.Split(text, "|") {
		name, value, ok := strings.Cut(part, "=")
		if !ok || i > 64 {
			continue
		}
		switch strings.ToLower(name) {
		case "action":
			join("action", value)
		case "active":
			rule.lines["enabled"] = map[bool]string{true: "Yes", false: "No"}[strings.EqualFold(value, "TRUE")]
		case "dir":
			rule.lines["direction"] = value
		case "protocol":
			rule.lines["protocol"] = map[string]string{"6": "TCP", "17": "UDP"}[value]
			if rule.lines["protocol"] == "" {
				rule.lines["protocol"] = "other"
			}
		case "profile":
			join("profiles", value)
		case "lport", "lport2_10":
			join("localport", value)
		case "ra4", "ra6", "ra42", "ra62":
			join("remoteip", value)
		case "la4", "la6":
			join("localip", value)
		case "app":
			join("program", value)
		case "svc":
			join("service", value)
		case "name":
			rule.lines["name"] = value
		}
	}
	return rule
}
