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

// anyVisitor stands for whoever logs on.
const anyVisitor = "(any visitor)"

// reader is who must be able to read a file.
type reader struct {
	name    string
	token   []string
	process bool     // the worker process, not the visitor
	grants  []string // accounts that may be given the right, the narrowest first
}

// identityAccess: a page or file that is closed to the account which opens it: static
// files, ASP and server-side includes to the visitor's, ASP.NET to that of the worker
// process (S1, "Applications are denied access to resources").
func identityAccess(p *pass) {
	seen := map[source.Span]bool{}
	closed := func(path source.WinPath, r reader) *snapshot.ACL {
		list, listed := p.snapshot.ACLs.Of(path)
		if !listed || seen[list.At] || list.Allows(r.token, snapshot.AccessRead) != snapshot.No {
			return nil
		}
		seen[list.At] = true
		return list
	}
	readers := map[string]reader{} // of the files that are looked at, by their folded key
	for _, f := range p.contentFiles() {
		r, ok := p.readerOf(f)
		if !ok || !f.meant() {
			continue
		}
		readers[f.key.Fold()] = r
		for _, path := range p.dataOf(f) { // before the files, of which they may be some
			if list := closed(path, r); list != nil && r.name != anyVisitor {
				p.report(p.closedData(f, path, list, r))
			}
		}
	}
	for _, f := range p.contentFiles() {
		if r, ok := readers[f.key.Fold()]; ok {
			if list := closed(f.path, r); list != nil {
				p.report(p.closedFile(f, list, r))
			}
		}
	}
}

// dataOf are the files that an ASP page names for Server.MapPath: what it opens.
func (p *pass) dataOf(f file) (all []source.WinPath) {
	if m := f.rule.entry; m == nil || iis.HandlerOf(m.Processor) != iis.ASP {
		return nil
	}
	for _, call := range p.calls(f) {
		if call.Name != asp.MapPath || call.Prefix || call.HasParentPath() {
			continue
		}
		url := strings.ReplaceAll(call.Argument, `\`, "/")
		if !strings.HasPrefix(url, "/") {
			url = f.url[:strings.LastIndexByte(f.url, '/')+1] + url
		}
		all = append(all, p.model.MapPath(f.dir.site.Path(), url))
	}
	return all
}

// closedData speaks of a file that an ASP page opens. Whether the statement runs is
// not worked out.
func (p *pass) closedData(f file, path source.WinPath, list *snapshot.ACL, r reader) Finding {
	return Finding{
		Severity: Warning,
		Message:  fmt.Sprintf("%s opens %s, whose access list does not let the anonymous user %s read it: where the page reads it, ASP stops with 800a0046, Permission denied", f.url, path, r.name),
		Missing:  "whether the page comes to read the file is not worked out from its script",
		Span:     list.At, Key: f.key, Value: string(path), Affects: []string{f.url},
		Witness: p.witness(f.dir, f.url), Remedies: []Remedy{p.grant(path, r)},
		sign: sign{request: func(w weblog.Request) bool { return strings.EqualFold(w.HResult, "800a0046") }, row: p.pages([]file{f})},
	}
}

// readerOf tells who opens a file; ok is false for programs, and where the visitor can
// log on beside coming anonymously: then the access list is what asks for the logon.
func (p *pass) readerOf(f file) (r reader, ok bool) {
	if f.rule.program {
		return r, false
	}
	if m := f.rule.entry; m != nil {
		handler := iis.HandlerOf(m.Processor)
		if isASPNET(m.Processor) {
			_, account := p.runsAs(f.key)
			return reader{account, iis.ProcessToken(account), true, []string{"IIS_WPG", account}}, true
		}
		if handler != iis.ASP && handler != iis.SSI {
			return r, false
		}
	}
	flags := p.tree.Effective(f.key, "AuthFlags")
	anonymous := flags.Has("AuthAnonymous")
	logon := flags.Has("AuthBasic") || flags.Has("AuthNTLM") || flags.Has("AuthMD5") || flags.Has("AuthPassport")
	name := p.tree.Effective(f.key, "AnonymousUserName").Text()
	switch {
	case anonymous && !logon && name != "":
		return reader{name, iis.UserToken(name), false, []string{name}}, true
	case !anonymous && logon:
		return reader{anyVisitor, iis.UserToken(anyVisitor), false, nil}, true
	}
	return r, false
}

func (p *pass) closedFile(f file, list *snapshot.ACL, r reader) Finding {
	x := Finding{
		Message: fmt.Sprintf("The access list of %s does not let the anonymous user %s read it: visitors get 401.3", f.path, r.name),
		Span:    list.At, Key: f.key, Value: string(f.path), Affects: []string{f.url},
		Witness:  p.witness(f.dir, f.url),
		Remedies: []Remedy{p.grant(f.path, r)},
		sign:     sign{request: answered(nil, "401.3"), row: p.pages([]file{f})},
	}
	switch {
	case r.process:
		x.Codes = []string{"500"}
		x.Message = fmt.Sprintf("The access list of %s does not let %s read it, as whom the worker process runs and ASP.NET opens its pages: visitors get an error", f.path, r.name)
		if p.cameInProcess(f.key) {
			x.Message += ". AppIsolated is 0 there: on an older server the application ran in Inetinfo.exe as LocalSystem, which may read everything"
		}
		x.sign.request = func(w weblog.Request) bool { return w.Status == 500 && w.ASP == "" && w.HResult == "" }
		x.Remedies = append(x.Remedies, ownAccount(f.path))
	case r.name == anyVisitor:
		x.Severity = Info
		x.Message = fmt.Sprintf("The access list of %s lets only the accounts that it names read it: other visitors who log on get 401.3", f.path)
	}
	return x
}

// cameInProcess reports the hint of an upgrade: an application that was to run inside
// of the server's own process.
func (p *pass) cameInProcess(key metabase.Path) bool {
	v := p.tree.Effective(key, "AppIsolated")
	n, ok := v.Uint()
	return ok && n == 0 && v.IsSet() && !p.isolated()
}

// grant lets an account read a file: by a right of its own, or in the place of what
// denies it.
func (p *pass) grant(path source.WinPath, r reader) Remedy {
	rem := Remedy{Title: "Let the account read the file"}
	var tries []snapshot.Edit
	for _, op := range []metabase.Op{metabase.Add, metabase.Set} {
		for _, account := range r.grants {
			tries = append(tries, snapshot.Edit{Kind: snapshot.EditACL, Target: string(path), Property: account, Op: op, Value: "R"})
		}
	}
	who := r.name
	alone := *p.snapshot
	alone.ACLs = alone.ACLs.Only(path)
	if i := slices.IndexFunc(tries, func(e snapshot.Edit) bool {
		return alone.Apply([]snapshot.Edit{e}).ACLs.Allows(path, r.token, snapshot.AccessRead) == snapshot.Yes
	}); i >= 0 {
		rem.Edits, who = tries[i:i+1], tries[i].Property
	}
	rem.Steps = []string{
		fmt.Sprintf("In Explorer: Properties of %s, Security tab: give %s Read and Read & Execute, and take out what denies it.", path, who),
		"If all files of the folder are to be read, give the right to the folder and let the files inherit it.",
	}
	return rem
}

func ownAccount(path source.WinPath) Remedy {
	return Remedy{Title: "Run the application as an account of its own", Steps: []string{
		fmt.Sprintf("Create an account that may read %s, and put it into the group IIS_WPG.", strings.TrimSuffix(string(path.Dir()), `\`)),
		"In IIS Manager: Application Pools, the pool's Properties, Identity tab: Configurable, enter its name and password.",
		"Do not use LocalSystem: whoever takes over one page then takes over the server.",
	}}
}
