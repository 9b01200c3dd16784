package checks

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// Flags of AccessFlags (IIScnfg.h).
const (
	accessRead            = 0x1
	accessWrite           = 0x2
	accessExecute         = 0x4
	accessSource          = 0x10
	accessScript          = 0x200
	accessNoRemoteRead    = 0x1000
	accessNoRemoteExecute = 0x2000
	accessNoRemoteScript  = 0x4000
)

// shut is the files that one value of AccessFlags keeps from visitors.
type shut struct {
	value metabase.Value
	dir   directory // of the first file
	urls  []string
	asked bool // logs show that visitors were refused
	sure  bool // one of the files is refused for certain
	need  uint32
}

// shutFiles gathers files by the value that refuses them; others are the values that
// let other files of theirs through.
type shutFiles struct {
	byPlace[shut]
	others map[any]bool
}

// accessNoRead: static files where AccessFlags lacks Read: 403.2 (KB318380).
func accessNoRead(p *pass) {
	files := p.shutFiles(2, func(f *file, v metabase.Value) uint32 {
		if f.rule.entry == nil && !f.rule.program && !v.Has("AccessRead") {
			return accessRead
		}
		return 0
	})
	for _, s := range files.order {
		f := s.finding(p, "403.2")
		f.Message = fmt.Sprintf("AccessFlags lacks AccessRead for %s: %s refused with 403.2", placeOf(s.value.Key), theFiles(s.urls))
		if s.below() && !s.asked {
			f.Severity = Info
			f.Message += ". " + rightWhere(files.others[s.value.Span()])
		}
		f.Remedies = []Remedy{{
			Title: "Allow Read",
			Steps: []string{"In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab: select Read."},
		}}
		f.Remedies[0].Edits = append(f.Remedies[0].Edits, setFlags(s.value, s.dir.key.Path(), s.need, 0))
		p.report(f)
	}
}

// rightWhere says when a directory below the top rightly lacks Read. Databases, drafts
// and the results of forms are shut in on purpose, so that only refusals in the logs
// make it a fault.
func rightWhere(programsRun bool) string {
	if programsRun {
		return "That is right where only programs are to run"
	}
	return "That is right for files that are not meant for visitors; allow it only if pages link to them"
}

// accessNoScript: pages with a script map where AccessFlags lacks Script, or Execute
// where the map asks for that: 403.1 (KB318380; ms526052 for the map's flag). Where
// visitors may write, what lies there must not run, so nothing is said.
func accessNoScript(p *pass) {
	files := p.shutFiles(1, func(f *file, v metabase.Value) uint32 {
		switch {
		case f.rule.entry == nil || v.Has("AccessExecute") || v.Has("AccessWrite"):
			return 0
		case f.rule.entry.NeedsExecute() && (f.rule.entry.Extension != "*" || v.Has("AccessScript")):
			return accessExecute
		case !v.Has("AccessScript"):
			return accessScript
		}
		return 0
	})
	for _, s := range files.order {
		right, choice := "AccessScript", "Scripts only"
		if s.need&accessExecute != 0 {
			right, choice = "AccessExecute", "Scripts and Executables"
		}
		f := s.finding(p, "403.1")
		f.Message = fmt.Sprintf("AccessFlags lacks %s for %s: %s refused with 403.1", right, placeOf(s.value.Key), theFiles(s.urls))
		if s.below() && files.others[s.value.Span()] && !s.asked && !p.isApplication(s.value.Key) {
			f.Severity = Info
			f.Message += ". That is right where files are only to be read"
		}
		if !s.sure && !p.forbids(s.value, 1) { // routes of a wildcard map need no file
			f.Severity = Info
			f.Message = fmt.Sprintf("A wildcard map without the flag 1 asks for AccessExecute, which %s does not have. Published installers write such maps for sites with Scripts only, and those run: nothing is to be done unless requests are refused with 403.1", placeOf(s.value.Key))
		}
		f.Remedies = []Remedy{{
			Title: "Allow " + choice,
			Steps: []string{
				"Look first whether the pages are yours: a page that a stranger has put into a folder for files must not run.",
				fmt.Sprintf("In IIS Manager: Properties, Home Directory, Virtual Directory or Directory tab, Execute permissions: %s.", choice),
			},
		}}
		f.Remedies[0].Edits = append(f.Remedies[0].Edits, setFlags(s.value, s.dir.key.Path(), s.need, 0))
		p.report(f)
	}
}

// shutFiles finds the files, of the content and of rows with 403.n in the logs, for
// which lacks names the flags that their AccessFlags miss.
func (p *pass) shutFiles(substatus int, lacks func(*file, metabase.Value) uint32) *shutFiles {
	found := &shutFiles{others: map[any]bool{}}
	add := func(f *file, asked bool) {
		v := p.tree.Effective(f.key, "AccessFlags")
		need := lacks(f, v)
		switch {
		case !f.meant():
			return
		case need == 0:
			found.others[v.Span()] = true
			return
		}
		s, fresh := found.get(v.Span())
		if fresh {
			s.value, s.dir = v, f.dir
		}
		s.asked, s.need, s.sure = s.asked || asked, s.need|need, s.sure || !perhapsRuns(f, v)
		if n := len(s.urls); n == 0 || s.urls[n-1] != f.url {
			s.urls = append(s.urls, f.url)
		}
	}
	for _, f := range p.contentFiles() {
		add(&f, false)
	}
	for _, f := range p.loggedFiles(403, substatus) {
		add(&f, true)
	}
	return found
}

// perhapsRuns: a wildcard map without the flag 1 where Script is allowed (iis.checkAccess).
func perhapsRuns(f *file, v metabase.Value) bool {
	return f.rule.entry != nil && f.rule.entry.Extension == "*" && f.rule.entry.NeedsExecute() && v.Has("AccessScript")
}

func (s *shut) finding(p *pass, status string) Finding {
	v := s.value
	return Finding{
		Span: v.Span(), Key: v.Key, Property: v.Property, Value: v.Text(), Origin: origin(v), Affects: s.urls,
		Witness: p.witness(s.dir, s.urls[0]), sign: sign{request: answered(nil, status), row: p.whereInForce(v)},
	}
}

// below reports whether the value is set below the top of a site.
func (s *shut) below() bool {
	_, rel, ok := splitSite(s.value.Key)
	return ok && rel != ""
}

// isApplication reports whether a key is the starting point of an application.
func (g *ground) isApplication(at metabase.Path) bool {
	k, ok := g.tree.Key(at)
	root, set := k.Own("AppRoot")
	return ok && set && metabase.Path(root.Text()).Equal(at)
}

// theFiles says "/a.css is" or "3 files, the first /a.css, are".
func theFiles(urls []string) string {
	if len(urls) == 1 {
		return urls[0] + " is"
	}
	return fmt.Sprintf("%d files, the first %s, are", len(urls), urls[0])
}
