package iis

import (
	"fmt"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// Model answers requests from one snapshot. But for the lists that it keeps after they
// were read it is immutable; it is safe for concurrent use.
type Model struct {
	snapshot *snapshot.Snapshot
	tree     *metabase.Tree
	bindings *table
	limits   Limits // of HTTP.sys

	mapLists     recent[place, *ScriptMapList]
	mimeLists    recent[place, map[string]mimeEntry]
	restrictions recent[place, *restrictions]
	followed     recent[Page, *Followed]
	outlines     outlines
	redirections recent[place, redirection]
	ways         recent[door, way]
}

// New prepares a model; the work is linear in the number of bindings. A snapshot
// without a metabase gives a model that knows no site.
func New(s *snapshot.Snapshot) *Model {
	m := &Model{snapshot: s, tree: s.Metabase, limits: LimitsOf(s)}
	if m.tree == nil {
		m.bindings = newTable(nil, nil)
		return m
	}
	m.bindings = newTable(readBindings(m.tree))
	return m
}

// Bindings gives every well-formed binding of the server, in file order.
func (m *Model) Bindings() []Binding { return m.bindings.all }

// BindingsOf gives the well-formed bindings of a site, in file order.
func (m *Model) BindingsOf(site metabase.Path) []Binding { return m.bindings.bySite[site.Fold()] }

// Malformed reports whether an entry of the site's bindings is not IP:port:host.
func (m *Model) Malformed(site metabase.Path) bool {
	return len(m.bindings.bad) > 0 && m.bindings.bad[site.Fold()] != nil
}

// Reach tells how a client gets to a path of a site: the URL, and the address of the
// server that it goes to (AnyAddress where no binding names one). Where SSL is
// required for the key and the site can serve it, the URL is https. why is not
// empty where no request gets there, and names the binding in the way.
func (m *Model) Reach(site, key metabase.Path, path string) (url, address string, why string) {
	flags := m.tree.Effective(key, "AccessSSLFlags")
	secure := (flags.Has("AccessSSL") || flags.Has("AccessSSL128")) && m.tree.Effective(site, "SSLCertHash").IsSet()
	to := m.ways.of(door{site, secure}, func() way { return m.way(site, secure) })
	if b := to.binding; b != nil {
		return b.URL(path), b.Address(), ""
	}
	return "", "", to.why
}

// door is a site as clients get there.
type door struct {
	site   metabase.Path
	secure bool
}

// way is the binding by which a request gets to a site, or why none does.
type way struct {
	binding *Binding
	why     string
}

// way looks through the bindings of a site, of which there may be thousands.
func (m *Model) way(site metabase.Path, secure bool) way {
	if b := m.bindings.reach(site, secure); b != nil {
		return way{binding: b}
	}
	mine := m.bindings.bySite[site.Fold()]
	for i := range mine {
		b := &mine[i]
		if taker := m.bindings.route(b.request(), b.Address()); taker != nil {
			return way{why: fmt.Sprintf("no request reaches site %s: site %s takes what comes to %s", site.Name(), taker.SiteID, b.Span.Bytes())}
		}
	}
	return way{why: "site " + site.Name() + " has no binding that IIS can use"}
}

// stage is one thing that IIS looks at. run gives its verdict.
type stage struct {
	name  string
	order Order
	run   func(*decision) verdict
}

// stages is the order in which IIS 6.0 looks at a request. Documented pairs: IP
// refusal before authentication, authentication before execute permission (403.1)
// before the restriction list (404.2) before the image is loaded (cc759233 and
// published tests of 2005). The rest of the order is inferred and says so.
var stages = [...]stage{
	{"firewall", Documented, checkFirewall},
	{"HTTP.sys limits", Documented, checkLimits},
	{"binding", Documented, checkBinding},
	{"site state", Inferred, checkSiteState},
	{StagePool, Documented, checkPool},
	{StageFilters, Documented, checkFilters},
	{"UrlScan", Documented, checkURLScan},
	{StageMapping, Documented, mapURL},
	{"UNC credentials", Inferred, checkUNC},
	{"IP restriction", Documented, checkIP},
	{"SSL", Inferred, checkSSL},
	{"redirect", Inferred, checkRedirect},
	{"authentication", Documented, checkAuthentication},
	{"anonymous logon", Documented, checkAnonymousLogon},
	{"folder", Inferred, checkFolder},
	{"handler", Documented, chooseHandler},
	{"execute and read permission", Documented, checkAccess},
	{"verb", Documented, checkVerb},
	{"Web service extension", Documented, checkExtension},
	{"directory listing", Inferred, checkListing},
	{"file", Inferred, checkFile},
	{"access list", Inferred, checkACL},
	{"MIME type", Inferred, checkMIME},
	{"request size", Inferred, checkEntity},
	{StageImage, Inferred, checkImage},
	{"console program", Inferred, checkConsole},
	{"CGI process", Documented, checkCGI},
	{StageSSI, Documented, checkSSI},
	{"ASP page", Documented, checkPage},
}

// verdict is what a stage says. The zero verdict says nothing: the stage does not
// concern the request and leaves no step.
type verdict struct {
	status  Status // "" lets the request pass
	detail  string
	because *Because
	assumed bool // rests on evidence that is not there
	answer  bool // the request is answered here without being refused
	asp     *ASPError
}

// decision is a request on its way through the stages. Until it is over out.Request
// lacks what alike requests need not share: apart gives the whole.
type decision struct {
	*Model
	whole   *Request
	single  bool // a stage looked at more than alike requests have in common
	out     Outcome
	site    metabase.Key
	maps    scriptMaps
	entry   *ScriptMap // the map that takes the request
	folder  bool       // the URL names a folder
	program bool       // an .exe or .dll called directly

	noDefault *Because // why a folder has no default document
	known     snapshot.Known
}

// Decide answers the request as IIS 6.0 with this snapshot's configuration would.
func (m *Model) Decide(r Request) Outcome {
	o, _ := m.DecideAlike(r)
	return o
}

// decide goes through the stages.
func (d *decision) decide() Outcome {
	if d.tree == nil {
		d.out.Status, d.out.Reason = "400", "no metabase in the snapshot"
		return d.out
	}
	for i := 0; i < len(stages); i++ {
		v := stages[i].run(d)
		if v == (verdict{}) {
			continue
		}
		d.record(&stages[i], v)
		if v.status != "" {
			return d.finish(&stages[i], v)
		}
	}
	return d.serve()
}

func (d *decision) record(s *stage, v verdict) {
	step := Step{Stage: s.name, Result: "pass", Detail: v.detail, Order: s.order, Because: v.because}
	switch {
	case v.status != "" && (v.answer || !v.status.Failed()):
		step.Result = "answer"
	case v.status != "":
		step.Result = string(v.status)
	}
	if v.assumed {
		step.Order = Assumed
	}
	d.out.Steps = append(d.out.Steps, step)
}

// finish answers at a stage. An assumption made by an earlier stage weakens the
// answer; one of the deciding stage itself does as well.
func (d *decision) finish(s *stage, v verdict) Outcome {
	d.out.Status, d.out.Stage, d.out.Because = v.status, s.name, v.because
	d.out.Reason = reason(d.out)
	d.out.Assumed = d.assumed()
	if d.out.Handler == "" || v.status.Failed() && d.out.ASP == nil {
		d.out.Handler = ErrorPage
	}
	if d.out.KernelReason != "" {
		d.out.Handler = HTTPSys
	}
	return d.out
}

// serve is the end of the stages: the handler answers 200.
func (d *decision) serve() Outcome {
	d.out.Status, d.out.Stage, d.out.Reason = "200", "answer", "OK"
	d.out.Assumed = d.assumed()
	d.out.Steps = append(d.out.Steps, Step{
		Stage: "answer", Result: "answer", Order: Documented,
		Detail: "served by the " + string(d.out.Handler) + " handler",
	})
	return d.out
}

func (d *decision) assumed() bool {
	for _, s := range d.out.Steps {
		if s.Order == Assumed {
			return true
		}
	}
	return false
}

// value is a property in force at the URL's key.
func (d *decision) value(property string) metabase.Value {
	return d.tree.Effective(d.out.Target.Key, property)
}

// because names a value as the one that decided.
func because(v metabase.Value) *Because {
	return &Because{Span: v.Span(), Key: v.Key, Property: v.Property, Value: v.Text()}
}

// becauseEntry names a list entry; becauseList a list that lacks one.
func becauseEntry(v metabase.Value, item metabase.Item) *Because {
	return &Because{Span: item.Span, Key: v.Key, Property: v.Property, Value: item.Text}
}

func becauseList(v metabase.Value) *Because {
	return &Because{Span: v.NameSpan(), Key: v.Key, Property: v.Property}
}
