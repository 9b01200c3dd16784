package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/asp"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/source"
)

// onEnd is a routine of an application's global.asa that runs without a request, and
// the account under which it does (S1, "ASP generates Permission Denied errors in
// event log for global.asa"; ms524696).
type onEnd struct {
	*pass
	app       directory
	routine   asp.Routine
	setting   metabase.Value // AspRunOnEndAnonymously
	anonymous metabase.Value // AnonymousUserName
	process   string         // the account of the worker process
	asProcess bool           // AspRunOnEndAnonymously is FALSE
}

// globalAsaOnEnd: Session_OnEnd and Application_OnEnd that cannot run, or cannot do
// what they are meant to do, under their account. One finding for each place.
func globalAsaOnEnd(p *pass) {
	said := map[source.Span]bool{}
	for _, d := range slices.Concat(p.served(), p.plainApplications()) {
		if root, own := d.key.Own("AppRoot"); !own || !strings.EqualFold(root.Text(), string(d.key.Path())) {
			continue
		}
		text, err := p.snapshot.Content.Text(d.physical.Join("global.asa"))
		if err != nil {
			continue
		}
		page := asp.Scan(text)
		for _, name := range [...]string{"Session_OnEnd", "Application_OnEnd"} {
			routine, ok := page.Routine(name)
			if !ok {
				continue
			}
			f, ok := p.onEnd(d, routine).fault()
			if !ok || said[f.Span] {
				continue
			}
			said[f.Span] = true
			p.report(f)
		}
	}
}

func (p *pass) onEnd(d directory, routine asp.Routine) *onEnd {
	r := &onEnd{pass: p, app: d, routine: routine,
		setting: d.key.Effective("AspRunOnEndAnonymously"), anonymous: d.key.Effective("AnonymousUserName")}
	on, ok := r.setting.Bool()
	r.asProcess = ok && !on && r.setting.IsSet()
	_, r.process = p.runsAs(d.key.Path())
	return r
}

// fault is the first reason why the routine fails.
func (r *onEnd) fault() (Finding, bool) {
	if !r.asProcess && r.anonymous.Text() == "" {
		return r.nobody(), true
	}
	opens := r.opens()
	for _, o := range opens {
		if r.may(o, r.account()) == snapshot.No {
			return r.denied(o), true
		}
	}
	if s := r.mapsPath(); s != nil {
		return r.mapping(s), true
	}
	if f := r.failed(); r.seen(f.sign) {
		return f, true
	}
	for _, o := range opens {
		if r.asProcess && r.may(o, r.account()) == snapshot.Unknown {
			return r.doubted(o), true
		}
	}
	return Finding{}, false
}

// account is what the routine runs as.
func (r *onEnd) account() string {
	if r.asProcess {
		return r.process
	}
	return r.anonymous.Text()
}

// may reports whether an account has the right that opening the file needs.
func (r *onEnd) may(o opening, account string) snapshot.Known {
	token := iis.UserToken(account)
	if account == r.process {
		token = iis.ProcessToken(account)
	}
	return r.snapshot.ACLs.Allows(r.listed(o), token, o.need())
}

// listed is the file, or its folder where the file is to be made and not listed.
func (r *onEnd) listed(o opening) source.WinPath {
	if o.writes && !r.snapshot.ACLs.Listed(o.path) {
		if _, known := r.snapshot.Content.Stat(o.path, o.path.Dir()); known != snapshot.Yes {
			return o.path.Dir()
		}
	}
	return o.path
}

// finding begins what is said of the routine at a place.
func (r *onEnd) finding(at source.Span, message string, events ...int) Finding {
	return Finding{Severity: Warning, Span: at, Key: r.app.key.Path(), Affects: []string{string(r.app.key.Path())},
		Message: fmt.Sprintf("%s of %sglobal.asa ", r.routine.Name, r.app.url) + message, sign: sign{event: r.event(events...)},
		Missing: "the routine runs without a request; events 5, 21 and 22 of source Active Server Pages in the Application log would show it"}
}

func (r *onEnd) valueFinding(v metabase.Value, message string, events ...int) Finding {
	f := r.finding(v.Span(), message, events...)
	f.Property, f.Value, f.Origin = v.Property, v.Text(), origin(v)
	return f
}

// event wants events of ASP about the application or its global.asa.
func (r *onEnd) event(ids ...int) func(eventlog.Group) bool {
	app := string(r.app.key.Path())
	return func(g eventlog.Group) bool {
		if g.Source != eventlog.ASP || !slices.Contains(ids, g.ID) {
			return false
		}
		return strings.EqualFold(g.Subject.Name, app) || strings.EqualFold(g.Subject.Name, app+"/global.asa") ||
			g.Subject.Kind == eventlog.File && strings.EqualFold(g.Subject.Name, r.app.url+"global.asa")
	}
}

func (r *onEnd) seen(s sign) bool {
	return slices.ContainsFunc(r.events(), s.event)
}

// nobody: the routine is to run as the anonymous user, and there is none.
func (r *onEnd) nobody() Finding {
	f := r.valueFinding(r.anonymous, "is not run: it is to run as the anonymous user, and no AnonymousUserName is set (event 21)", 21)
	set := Remedy{Title: "Name the anonymous user again", Steps: []string{
		"In IIS Manager: Properties of the application, Directory Security tab, Authentication and access control, Edit: Enable anonymous access and the user name IUSR_ with the computer's name."}}
	if above := r.tree.Effective(r.app.key.Path().Parent(), "AnonymousUserName"); r.anonymous.Kind == metabase.Own && above.Text() != "" {
		set.Edits = []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(r.anonymous.Key), Property: "AnonymousUserName", Op: metabase.Set, Value: above.Text()}}
	}
	f.Remedies = []Remedy{set}
	return f
}

// denied: an access list that was collected shuts the routine's account out.
func (r *onEnd) denied(o opening) Finding {
	message := fmt.Sprintf("is denied access to %s: it runs as %s, who may not %s", o.path, r.account(), o.verb())
	grant := r.grant(o)
	if !r.asProcess {
		f := r.finding(o.at, message, 5)
		f.Remedies = []Remedy{grant}
		return f
	}
	f := r.valueFinding(r.setting, message+" (AspRunOnEndAnonymously is FALSE)", 5)
	if r.anonymous.Text() != "" && r.may(o, r.anonymous.Text()) != snapshot.No {
		f.Remedies = append(f.Remedies, r.runAnonymously())
	}
	f.Remedies = append(f.Remedies, grant)
	return f
}

// doubted: the routine runs as the worker process and opens a file whose access list
// was not collected.
func (r *onEnd) doubted(o opening) Finding {
	f := r.valueFinding(r.setting, fmt.Sprintf("runs as %s, not as the anonymous user as it is installed; %s must be open to that account", r.process, o.path), 5)
	f.Severity = Info
	f.Missing = fmt.Sprintf("the access list of %s (icacls or cacls)", o.path)
	f.Remedies = []Remedy{r.runAnonymously(), r.grant(o)}
	return f
}

// mapping: Server.MapPath may not be called there (ms524858).
func (r *onEnd) mapping(s *asp.Statement) Finding {
	f := r.finding(s.Span, "calls Server.MapPath, which ASP does not allow at the end of a session or application", 5)
	f.Remedies = []Remedy{{Title: "Find the path earlier", Steps: []string{
		`Call Server.MapPath in Application_OnStart and keep the result: Application("LogPath") = Server.MapPath("/data/visits.log").`,
		"In the end routine use the kept path."}}}
	return f
}

// failed: events tell that the routine fails, and nothing collected says why.
func (r *onEnd) failed() Finding {
	f := r.finding(r.routine.Span, fmt.Sprintf("fails by the event log; it runs as %s", r.account()), 5, 21, 22)
	f.Remedies = []Remedy{{Title: "Look at the account of the routine", Steps: []string{
		"Event 21: the anonymous user cannot log on; set its password again. Event 22: the account of the worker process lacks the user right Impersonate a client after authentication.",
		"Event 5: give the account the rights on what the routine opens."}}}
	return f
}

func (r *onEnd) runAnonymously() Remedy {
	return Remedy{Title: "Run the routine as the anonymous user, as it is installed",
		Steps: []string{"IIS Manager does not show this setting; use the command. The anonymous user needs the rights on what the routine opens."},
		Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(r.setting.Key), Property: "AspRunOnEndAnonymously", Op: metabase.Set, Value: "TRUE"}}}
}

// grant gives the routine's account the right on the file.
func (r *onEnd) grant(o opening) Remedy {
	at, account, letter := r.listed(o), r.account(), "R"
	if o.writes {
		letter = "C"
	}
	return Remedy{Title: fmt.Sprintf("Give %s the right to %s", account, o.verb()),
		Steps: []string{fmt.Sprintf("In Explorer: Properties of %s, Security tab: add %s with %s.", at, account, map[string]string{"R": "Read", "C": "Modify"}[letter])},
		Edits: []snapshot.Edit{{Kind: snapshot.EditACL, Target: string(at), Property: account, Op: metabase.Add, Value: letter}}}
}
