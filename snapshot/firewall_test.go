package snapshot

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iisdoctor/iisdoctor/source"
)

func TestFirewall(t *testing.T) {
	registry, _ := ReadRegistry(fixture(t, "http.reg"))
	read := func(names ...string) *Firewall {
		f := &Firewall{}
		for _, name := range names {
			if problems := f.Read(fixture(t, name)); len(problems) > 0 {
				t.Fatal(problems)
			}
		}
		return f
	}
	for _, c := range []struct {
		name     string
		firewall *Firewall
		on       Known
		port     uint16
		opens    Known
		at       string
	}{
		{"2003, open", read("firewall2003.txt"), Yes, 80, Yes, "21:1 80     TCP       Enable   Web server"},
		{"2003, turned off", read("firewall2003.txt"), Yes, 443, No, "22:1 443    TCP       Disable  Secure web server"},
		{"2003, UDP only", read("firewall2003.txt"), Yes, 53, No, "9:1 Operational mode                  = Enable"},
		{"state without exceptions", read("firewallstate.txt"), Yes, 80, No, "6:1 Exception mode                    = Disable"},
		{"rules, open", read("advfirewall.txt"), Yes, 8085, Yes, "15:1 Rule Name:                            World Wide Web Services (HTTP Traffic-In)"},
		{"rules, blocked in one profile", read("advfirewall.txt"), Yes, 8081, Unknown, "none"},
		{"rules, some clients", read("advfirewall.txt"), Yes, 9000, Unknown, "39:1 Rule Name:                            Office"},
		{"rules, none", read("advfirewall.txt"), Yes, 443, No, "9:1 State                                 ON"},
		{"registry, subnet only", FirewallFrom(registry), Yes, 80, Unknown, `30:10 "80:TCP:LocalSubNet:Enabled:HTTP"`},
		{"registry, turned off", FirewallFrom(registry), Yes, 443, No, `31:11 "443:TCP:*:Disabled:HTTPS"`},
		{"registry, open", FirewallFrom(registry), Yes, 3389, Yes, `29:12 "3389:TCP:*:Enabled:@xpsp2res.dll,-22009"`},
		{"nothing", nil, Unknown, 80, Unknown, "none"},
	} {
		on, _ := c.firewall.On()
		opens, at := c.firewall.Opens(c.port)
		if on != c.on || opens != c.opens || place(at) != c.at {
			t.Errorf("%s: on %v, port %d %v at %s", c.name, on, c.port, opens, place(at))
		}
	}
}

func TestFirewallText(t *testing.T) {
	const (
		on      = "Standard profile configuration:\nOperational mode = Enable\n"
		off     = "Standard profile configuration:\nOperational mode = Disable\n"
		domain  = "Domain profile configuration:\nOperational mode = Enable\n"
		current = "Standard profile configuration (current):\nOperational mode = Disable\n"
		ports   = "Port configuration for Standard profile:\nPort   Protocol  Mode    Traffic direction     Name\n"
	)
	for _, c := range []struct {
		text     string
		on       Known
		opens    Known // port 80
		problems []string
	}{
		{on, Yes, No, nil},
		{off, No, Yes, nil},
		{domain + off, Unknown, Unknown, nil},
		{domain + current, No, Yes, nil},
		{on + ports + "80     TCP       Enable  Inbound               HTTP\n", Yes, Yes, nil},
		{on + ports + "80     TCP       Enable  Outbound              HTTP\n", Yes, No, nil},
		{on + ports + "70-90  TCP       Enable  Inbound               HTTP\n", Yes, Yes, nil},
		{on + ports + "80     TCP       Enable   HTTP\n    Scope: LocalSubNet\n", Yes, Unknown, nil},
		{on + ports + "99999  TCP       Enable   HTTP\n80 TCP Maybe x\n", Yes, No, []string{"5:1 a port that is no number up to 65535", "6:1 a port whose mode is neither Enable nor Disable"}},
		{on + "Local Area Connection firewall configuration:\nOperational mode = Disable\n", Yes, Unknown, nil},
		{on + "Port configuration for Local Area Connection:\n80 TCP Enable HTTP\n", Yes, Unknown, nil},
		{ports + "80     TCP       Enable   HTTP\n", Unknown, Yes, nil},
		{"Private Profile Settings:\nState   ON\nFirewall Policy   AllowInbound,AllowOutbound\n", Yes, Yes, nil},
		{"Private Profile Settings:\nState   ON\nFirewall Policy   BlockInboundAlways,AllowOutbound\nRule Name: x\nEnabled: Yes\nDirection: In\nAction: Allow\n", Yes, No, nil},
		{"Private Profile Settings:\nState   EIN\n", Unknown, Unknown, []string{"2:1 a state that is neither ON nor OFF"}},
		{"Der Befehl wurde nicht gefunden.\n", Unknown, Unknown, []string{"1:1 no profile, port or rule of Windows Firewall"}},
		{"", Unknown, Unknown, []string{"1:1 no profile, port or rule of Windows Firewall"}},
	} {
		f, problems := ReadFirewall(source.NewText("f", []byte(c.text)))
		got, _ := f.On()
		opens, _ := f.Opens(80)
		if got != c.on || opens != c.opens {
			t.Errorf("%q: on %v, opens %v", c.text, got, opens)
		}
		if d := cmp.Diff(c.problems, said(problems)); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
}

func TestFirewallRegistry(t *testing.T) {
	const local, policy = `[HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`, `[HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	for _, c := range []struct {
		text      string
		on, opens Known // port 80
	}{
		{"[HKLM\\X]\n", Unknown, Unknown},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:0\n", No, Yes},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:0\n" + policy + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n", Yes, No},
		{local + "\\DomainProfile]\n\"EnableFirewall\"=dword:0\n" + local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n", Unknown, Unknown},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n\"DoNotAllowExceptions\"=dword:1\n" + local + "\\StandardProfile\\GloballyOpenPorts\\List]\n\"80:TCP\"=\"80:TCP:*:Enabled:x\"\n", Yes, No},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n" + local + "\\FirewallRules]\n\"a\"=\"v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=443|LPort=80|App=System|Name=x|\"\n", Yes, Yes},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n" + local + "\\FirewallRules]\n\"a\"=\"v2.10|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=80|\"\n", Yes, No},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n" + local + "\\FirewallRules]\n\"a\"=\"v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=80|\"\n", Yes, No},
		{local + "\\StandardProfile]\n\"EnableFirewall\"=dword:1\n\"DefaultInboundAction\"=dword:0\n", Yes, Yes},
	} {
		r, problems := ReadRegistry(source.NewText("f.reg", []byte("REGEDIT4\n"+c.text)))
		f := FirewallFrom(r)
		on, _ := f.On()
		if opens, _ := f.Opens(80); on != c.on || opens != c.opens || len(problems) > 0 {
			t.Errorf("%q: on %v, opens %v, %v", c.text, on, opens, problems)
		}
	}
}
