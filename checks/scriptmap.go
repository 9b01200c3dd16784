package checks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
)

// scriptMapMalformed: an entry of ScriptMaps that IIS cannot use makes every request
// below the key answer 500.19 (Prete, "Why does IIS 6.0 return an HTTP 500.19 error").
func scriptMapMalformed(p *pass) {
	for _, list := range p.mapLists() {
		if !list.facts.malformed {
			continue
		}
		use := list.setting
		for _, item := range use.value.Items() {
			if _, ok := iis.ParseScriptMap(item); ok {
				continue
			}
			f := p.mapFinding(use, item)
			f.Message = fmt.Sprintf("The script map %s is malformed (%s): every request below %s is answered 500.19, also for static files", item.Text, wrongInMap(item), f.Affects[0])
			f.Witness = p.mapWitness(use.keys[0], ".htm") // even a static file, whether it is there or not
			f.sign = sign{request: answered(nil, "500.19"), row: p.whereInForce(use.value)}
			f.Remedies = []Remedy{{
				Title: "Correct the entry",
				Steps: []string{"In IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings: remove the entry and add it again."},
				Edits: p.changeEntry(use.value, item, meantMap(item)),
			}}
			p.report(f)
		}
	}
}

// wrongInMap says what is wrong, in a few words.
func wrongInMap(item metabase.Item) string {
	f := item.Fields()
	for _, field := range f[1:] {
		if strings.HasPrefix(field, " ") || strings.HasPrefix(field, "\t") {
			return "a blank after a comma"
		}
	}
	if len(f) < 3 {
		return "it needs an extension, a program and flags"
	}
	return "the third field must be a number"
}

// meantMap is the entry as it was meant: without blanks after commas, and with the flags
// 5 (script engine, the file must exist) where they are missing. "" where nothing tells.
func meantMap(item metabase.Item) string {
	f := item.Fields()
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if len(f) < 2 || f[1] == "" {
		return ""
	}
	if len(f) == 2 {
		f = append(f, "5", "GET", "HEAD", "POST")
	} else if _, err := strconv.Atoi(f[2]); err != nil {
		if !isVerb(f[2]) {
			return ""
		}
		f = slices.Insert(f, 2, "5")
	}
	return strings.Join(f, ",")
}

func isVerb(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// scriptMapVerbs: a map whose list of verbs lacks GET or POST (a missing verb is
// answered 403.1, KB318380), or one of an engine of IIS that lists none, so that all
// verbs pass, DEBUG too (ms526052).
func scriptMapVerbs(p *pass) {
	for _, list := range p.mapLists() {
		if !list.facts.verbs {
			continue
		}
		use := list.setting
		for _, m := range p.model.ScriptMaps(use.value).Maps {
			switch missing := missingVerbs(m); {
			case len(missing) > 0:
				p.report(lacksVerbs(p, use, m, missing))
			case m.AllVerbs() && m.Extension != "*":
				p.report(allVerbs(p, use, m))
			}
		}
	}
}

// missingVerbs are those of GET and POST that a list of verbs lacks. A page of
// server-side includes reads no form.
func missingVerbs(m iis.ScriptMap) (missing []string) {
	for _, verb := range [...]string{"GET", "POST"} {
		if !m.Allows(verb) && !(verb == "POST" && iis.HandlerOf(m.Processor) == iis.SSI) {
			missing = append(missing, verb)
		}
	}
	return missing
}

func lacksVerbs(p *pass, use *setting, m iis.ScriptMap, missing []string) Finding {
	f := p.mapFinding(use, m.Item)
	f.Message = fmt.Sprintf("The script map for %s does not list %s: such requests are answered 403.1", m.Extension, strings.Join(missing, " and "))
	f.Witness = p.mapWitness(use.keys[0], m.Extension)
	f.Witness.Method = missing[0]
	list := p.whereInForce(use.value)
	f.sign = sign{
		request: func(r weblog.Request) bool {
			return statusOf(r) == "403.1" && slices.Contains(missing, r.Method) && (m.Extension == "*" || r.Extension == m.Extension)
		},
		row: list,
	}
	f.Remedies = []Remedy{p.verbRemedy(use.value, m, "Add the verb", append(slices.Clone(m.Verbs), missing...))}
	return f
}

func allVerbs(p *pass, use *setting, m iis.ScriptMap) Finding {
	f := p.mapFinding(use, m.Item)
	f.Certainty = Proven
	lists := "no verbs"
	if len(m.Verbs) > 0 {
		lists = "All as its verbs"
	}
	f.Message = fmt.Sprintf("The script map for %s lists %s: all of them reach %s, also DEBUG and those that nobody needs", m.Extension, lists, engineOf(m.Processor))
	verbs := []string{"GET", "HEAD", "POST"}
	switch {
	case iis.HandlerOf(m.Processor) == iis.ASP:
		verbs = append(verbs, "TRACE")
	case isASPNET(m.Processor):
		verbs = append(verbs, "DEBUG")
	case iis.HandlerOf(m.Processor) != iis.SSI && !strings.EqualFold(engineOf(m.Processor), "httpodbc.dll"):
		f.Severity = Info // what is not of IIS may want others, and looks at the verb itself
	}
	f.Remedies = []Remedy{p.verbRemedy(use.value, m, "List the verbs that the pages need", verbs)}
	return f
}

func (p *pass) verbRemedy(v metabase.Value, m iis.ScriptMap, title string, verbs []string) Remedy {
	text := strings.Join(append(m.Item.Fields()[:3], verbs...), ",")
	return Remedy{
		Title: title,
		Steps: []string{fmt.Sprintf("In IIS Manager: Properties, Home Directory or Virtual Directory tab, Configuration, Mappings: %s, Edit, Limit to: %s.", m.Extension, strings.Join(verbs, ","))},
		Edits: p.changeEntry(v, m.Item, text),
	}
}

// mapWitness asks for a file of the extension at a key. For a wildcard map any does.
func (g *ground) mapWitness(key metabase.Key, ext string) *Witness {
	at, rel, _ := splitSite(key.Path())
	site, _ := g.tree.Key(at)
	path := strings.TrimSuffix("/"+rel, "/") + "/default" + strings.TrimPrefix(ext, "*")
	if strings.EqualFold(key.Class(), "IIsWebFile") {
		path = "/" + rel
	}
	return g.witness(directory{site: site, key: key}, path)
}
