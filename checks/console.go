package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// consoleMap is a script map that runs a program of System32, and where it is in force.
type consoleMap struct {
	value   metabase.Value
	entry   iis.ScriptMap
	program source.WinPath
	dirs    []directory
	pages   []string // of the content
	dir     directory
}

// system32Console: a script map or a page runs a console program of System32 for
// visitors (S1, "Access denied to console applications in System32 directory").
func system32Console(p *pass) {
	var found byPlace[consoleMap]
	runs := map[*mapFacts]bool{} // most lists are equal, and none of their programs is one
	lists := p.tree.Question("ScriptMaps")
	for _, d := range p.served() {
		v := lists.Effective(d.key)
		facts := p.factsOf(v)
		some, known := runs[facts]
		if !known {
			some = slices.ContainsFunc(facts.maps, func(m iis.ScriptMap) bool { return iis.InSystem32(m.Processor) != "" })
			runs[facts] = some
		}
		if !some {
			continue
		}
		for _, m := range p.model.ScriptMaps(v).Maps { // with their places in this list
			program := iis.InSystem32(m.Processor)
			if program == "" || !p.shutOut(program, d) {
				continue
			}
			c, fresh := found.get(m.Item.Span)
			if fresh {
				c.value, c.entry, c.program, c.dir = v, m, program, d
			}
			c.dirs = append(c.dirs, d)
		}
	}
	for _, f := range p.contentFiles() {
		if f.rule.entry != nil && f.meant() {
			if c := found.at[f.rule.entry.Item.Span]; c != nil {
				if len(c.pages) == 0 {
					c.dir = f.dir
				}
				c.pages = append(c.pages, f.url)
			}
		}
		if f.meant() && f.isASP() {
			p.consoleCalls(f)
		}
	}
	for _, c := range found.order {
		p.report(c.finding(p))
	}
}

// shutOut reports whether visitors of a directory may not run a program of System32:
// by its access list, and without one by that which setup writes, which names only
// administrators, LocalSystem, interactive users and services.
func (p *pass) shutOut(program source.WinPath, d directory) bool {
	list, listed := p.snapshot.ACLs.Of(program)
	if !listed {
		return true
	}
	visitor := anyVisitor
	if d.key.Effective("AuthFlags").Has("AuthAnonymous") {
		visitor = d.key.Effective("AnonymousUserName").Text()
	}
	return list.Allows(iis.UserToken(visitor), snapshot.AccessRead|snapshot.AccessExecute) == snapshot.No
}

func (c *consoleMap) finding(p *pass) Finding {
	f := Finding{
		Message: fmt.Sprintf("%s files are run by %s. Only administrators, LocalSystem, interactive users and services may run the console programs of System32, so visitors are denied access",
			c.entry.Extension, c.program),
		Span: c.entry.Item.Span, Key: c.dir.key.Path(), Property: c.value.Property, Value: c.entry.Item.Text, Origin: c.value.Key, Affects: c.pages,
		Witness:  p.witness(c.dir, c.dir.url+"default"+strings.TrimPrefix(c.entry.Extension, "*")),
		Remedies: []Remedy{c.ownProgram(), c.openProgram()},
		sign: sign{request: answered([]string{c.entry.Extension}, "401.3"), row: eachRow(func(r weblog.Request, path string) bool {
			d, ok := p.dirOf(r.Site, path)
			return ok && d.key.Effective("ScriptMaps").Span() == c.value.Span()
		})},
	}
	if len(c.pages) > 0 {
		f.Witness = p.witness(c.dir, c.pages[0])
	} else {
		for _, d := range c.dirs {
			f.Affects = append(f.Affects, d.address(p))
		}
	}
	return f
}

// ownProgram puts a program of one's own in the place of the command interpreter.
func (c *consoleMap) ownProgram() Remedy {
	const own = `<C:\folder\program.exe>`
	fields := append([]string{c.entry.Extension, own, fmt.Sprint(c.entry.Flags)}, c.entry.Verbs...)
	return Remedy{
		Title: "Run a program of your own instead",
		Steps: []string{
			"Write or install a program that does just what the pages need. The restriction does not affect your own CGI programs.",
			"In IIS Manager: Properties of the site or directory, Home Directory or Virtual Directory tab, Configuration, Mappings: change the executable of the extension.",
			"Web Service Extensions, Add a new Web service extension: this program, with the arguments that the mapping has, status Allowed.",
		},
		Edits: []snapshot.Edit{
			{Kind: snapshot.EditMetabase, Target: string(c.value.Key), Property: c.value.Property, Op: metabase.Replace, Value: strings.Join(fields, ",")},
			{Kind: snapshot.EditMetabase, Target: string(service), Property: "WebSvcExtRestrictionList", Op: metabase.Add, Value: "1," + own + ",1,OWN,Own program"},
		},
	}
}

// openProgram lets the anonymous user run the program, which is what the list is
// there to prevent.
func (c *consoleMap) openProgram() Remedy {
	account := c.dir.key.Effective("AnonymousUserName").Text()
	return Remedy{
		Title: "Change the access list of the program",
		Steps: []string{fmt.Sprintf("In Explorer: Properties of %s, Security tab: give %s Read and Read & Execute.", c.program, account)},
		Risk:  "whoever finds a gap in any page can then run every command on the server: never do this with Cmd.exe",
		Edits: []snapshot.Edit{{Kind: snapshot.EditACL, Target: string(c.program), Property: account, Op: metabase.Add, Value: "R"}},
	}
}

// runsConsole finds a literal command line of WScript.Shell's Run and Exec that begins
// with the command interpreter or a program of System32.
var runsConsole = source.Lazy(`(?i)\.(?:run|exec)\b\s*\(?\s*"+\s*(%comspec%|(?:[a-z]:|%windir%|%systemroot%)[^" ]*\\system32\\[^"\\ ]+|(?:cmd|command|ping|net|net1|netstat|nslookup|ipconfig|tracert|cscript|xcopy|ftp|at|cacls|tasklist|taskkill|sc|shutdown|find|findstr|attrib|hostname)(?:\.exe|\.com)?)(?:["\s/]|$)`)

// consoleCalls reports the statements of a page that start such a program.
func (p *pass) consoleCalls(f file) {
	text, err := p.snapshot.Content.Text(f.path)
	if err != nil || !runsConsole().Match(text.Bytes()) {
		return
	}
	for _, s := range asp.Scan(text).Statements {
		m := runsConsole().FindStringSubmatch(s.Text)
		if m == nil {
			continue
		}
		p.report(Finding{
			Severity: Warning,
			Message:  fmt.Sprintf("%s starts %s, a console program of System32, which only administrators, LocalSystem, interactive users and services may run: for visitors it is denied", f.url, m[1]),
			Missing:  "whether the page comes to start it is not worked out from its script",
			Span:     s.Span, Key: f.key, Value: m[1], Affects: []string{f.url}, Witness: p.witness(f.dir, f.url),
			sign: sign{request: func(r weblog.Request) bool { return strings.EqualFold(r.HResult, "800a0046") }, row: p.pages([]file{f})},
			Remedies: []Remedy{{Title: "Do without the console program", Steps: []string{
				"Do the same with a component or an object of Windows (Scripting.FileSystemObject, CDO, WMI), or with a program of your own, which is not restricted.",
				"Do not change the access list of Cmd.exe: it keeps whoever finds a gap in a page from running commands.",
			}}},
		})
	}
}
