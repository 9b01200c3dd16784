package checks

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

// bindingMalformed: an entry of ServerBindings or SecureBindings that is not
// IP:port:host. It cannot be registered, and the site is deactivated (cc786887, event
// 1003).
func bindingMalformed(p *pass) {
	for _, site := range p.tree.Sites() {
		if !p.model.Malformed(site.Path()) || !startsItself(site) {
			continue
		}
		for _, property := range [...]string{"ServerBindings", "SecureBindings"} {
			v, _ := site.Own(property)
			meant, said := "", 0
			for _, item := range v.Items() {
				if _, ok := iis.ParseBinding(item); ok {
					continue
				}
				if said++; said == 1 {
					meant = correctedBindings(v)
				}
				if said > maxWhole {
					meant = ""
				}
				p.report(malformedBinding(p, site, v, item, meant))
			}
		}
	}
}

func malformedBinding(p *pass, site metabase.Key, v metabase.Value, item metabase.Item, meant string) Finding {
	number := site.Path().Name()
	f := siteFault(p, site.Path(), v.Property, item, 1003)
	f.Message = fmt.Sprintf("The binding %s of site %s is not IP:port:host (%s): it cannot be registered, and the whole site is not started",
		item.Text, number, wrongInBinding(item.Text))
	f.Affects = []string{string(site.Path())}
	f.Remedies = []Remedy{{
		Title: "Correct the binding",
		Steps: []string{
			fmt.Sprintf("In IIS Manager: the Properties of site %s, Web Site tab, Advanced: correct the identity, or remove it.", number),
			"Start the site.",
		},
	}}
	if meant != "" {
		f.Remedies[0].Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(site.Path()), Property: v.Property, Op: metabase.Set, Value: meant}}
	}
	return f
}

// wrongInBinding says what is wrong, in a few words.
func wrongInBinding(text string) string {
	parts := strings.Split(text, ":")
	if len(parts) < 3 {
		return fmt.Sprintf("%s instead of two colons", count(len(parts)-1, "colon"))
	}
	port := parts[len(parts)-2]
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "the port must be a number from 1 to 65535"
	}
	return "the part before the port is no IP address"
}

// correctedBindings is the list with every malformed entry as it was meant; one that
// gives no hint is left out. "" where nothing would be left.
func correctedBindings(v metabase.Value) string {
	var lines []string
	seen := map[string]bool{}
	for _, item := range v.Items() {
		entry := item.Text
		if _, ok := iis.ParseBinding(item); !ok {
			entry = meantBinding(entry)
		}
		if entry != "" && !seen[entry] {
			seen[entry] = true
			lines = append(lines, entry)
		}
	}
	return strings.Join(lines, "\n")
}

// meantBinding reads a malformed entry by its parts, whatever their order: an IP
// address, a port, a host name. "" where it holds neither port nor name.
func meantBinding(text string) string {
	ip, port, host := "", "", ""
	for part := range strings.SplitSeq(text, ":") {
		part = strings.TrimSpace(part)
		n, err := strconv.Atoi(part)
		switch {
		case err == nil && n >= 1 && n <= 65535 && port == "":
			port = part
		case isIPv4(part) && ip == "":
			ip = part
		case isHostName(part) && !isIPv4(part) && host == "":
			host = part
		case part != "":
			return ""
		}
	}
	if port == "" && host == "" {
		return ""
	}
	if port == "" {
		port = "80"
	}
	return ip + ":" + port + ":" + host
}

func isIPv4(s string) bool {
	_, ok := iis.ParseBinding(metabase.Item{Text: s + ":80:", Span: source.Span{}})
	return ok && strings.Count(s, ".") == 3
}
