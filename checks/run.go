package checks

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/iisdoctor/iisdoctor/iis"
	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/eventlog"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// pass is one check's look at a snapshot.
type pass struct {
	*ground
	check    *Check
	title    string // of the check, once it found something
	findings []Finding
	names    *entryNames // of the list that was changed last
	sizes    map[source.Span]*listSize

	use       *setting // the list that was found fault with last, and where it counts
	addresses []string
}

// full reports whether the check has said all that it may.
func (p *pass) full() bool { return len(p.findings) > maxFindings }

// ground is what all checks of a run share. They run side by side, so what is
// looked up for all of them is looked up once.
type ground struct {
	snapshot *snapshot.Snapshot
	tree     *metabase.Tree
	model    *iis.Model

	directories  func() []directory
	served       func() []directory // of started sites
	contentFiles func() []file
	requests     func() []weblog.Group[weblog.Request]
	kernelErrors func() []weblog.Group[weblog.Error]
	sites        func() siteList
	folders      func() map[string]bool
	mapLists     func() []mapList
	poolUses     func() []poolUse
	members      func() map[string][]*directory // by the pool in force, in lower case
	texts        mapTexts
	included     includes
	sortings     sortings
	events       func() []eventlog.Group

	leftOut bool // of the content; set by contentFiles
}

func newGround(s *snapshot.Snapshot) *ground {
	g := &ground{snapshot: s, tree: s.Metabase}
	g.directories = sync.OnceValue(g.findDirectories)
	g.served = sync.OnceValue(g.findServed)
	g.contentFiles = sync.OnceValue(g.findContent)
	g.sites = sync.OnceValue(g.findSites)
	g.folders = sync.OnceValue(g.findFolders)
	g.mapLists = sync.OnceValue(g.findMapLists)
	g.poolUses = sync.OnceValue(g.findPoolUses)
	g.members = sync.OnceValue(g.findMembers)
	g.texts = mapTexts{byPlace: map[source.Span]*mapFacts{}, byText: map[string]*mapFacts{}}
	g.requests = sync.OnceValue(func() (rows []weblog.Group[weblog.Request]) {
		if s.Logs != nil {
			rows = s.Logs.Requests()
		}
		return rows
	})
	g.kernelErrors = sync.OnceValue(func() (rows []weblog.Group[weblog.Error]) {
		if s.Logs != nil {
			rows = s.Logs.Errors()
		}
		return rows
	})
	g.events = sync.OnceValue(func() (groups []eventlog.Group) {
		if s.Events != nil {
			groups = s.Events.Groups()
		}
		return groups
	})
	var directories sync.WaitGroup // nearly every check waits for them or for the model
	if g.tree != nil {
		directories.Go(func() { g.directories() })
	}
	g.model = iis.New(s)
	directories.Wait()
	return g
}

// maxFindings bounds what one check reports: a file made to raise more of one kind
// is not read by anybody.
const maxFindings = 5000

// report adds a finding; what the check itself knows is filled in. The one after the
// last says that there are more.
func (p *pass) report(f Finding) {
	if p.full() {
		return
	}
	if len(p.findings) == maxFindings {
		f = Finding{Severity: Info, Certainty: Proven, Span: f.Span, At: f.At, Key: f.Key, Property: f.Property,
			Message: fmt.Sprintf("%d findings of this check are listed; from here on the rest is left out", maxFindings)}
	}
	if p.title == "" {
		words, _ := WordsOf(p.check.ID)
		p.title = words.Title
	}
	f.ID, f.Title = p.check.ID, p.title
	if f.Codes == nil {
		f.Codes = p.check.Codes
	}
	if f.Severity == "" {
		f.Severity = p.check.Severity
	}
	p.findings = append(p.findings, f)
}

// Run runs all checks over the snapshot. Findings are sorted by file, line,
// column and ID, so that the same input gives the same bytes.
func Run(s *snapshot.Snapshot) Report {
	r := Report{Files: s.Files, Problems: s.Problems}
	if s.Metabase != nil {
		r.Keys, r.Properties, r.NotUnderstood = s.Metabase.Counts()
	}
	g := newGround(s)
	var passes [len(list)]*pass
	var running sync.WaitGroup
	for i := range list {
		c := &list[i]
		if skip, missing := lacks(s, c); missing {
			r.Skipped = append(r.Skipped, skip)
			continue
		}
		p := &pass{ground: g, check: c}
		passes[i] = p
		r.Run++
		if c.run != nil {
			running.Go(func() { c.run(p) })
		}
	}
	running.Wait()
	if g.leftOut {
		r.Files = append(slices.Clip(r.Files), snapshot.File{Path: "content", Kind: snapshot.KindContent,
			Note: fmt.Sprintf("virtual directories share folders so often that the checks of pages stopped after %d files; files of the last ones in the metabase were not looked at", g.snapshot.Content.Len()+maxShared)})
	}
	for _, p := range passes {
		if p != nil {
			r.Findings = append(r.Findings, p.findings...)
		}
	}
	prove(g.model, r.Findings)
	r.Findings = append(r.Findings, leftOver(g, r.Skipped, g.observe(r.Findings))...)
	sortFindings(r.Findings)
	return r
}

func sortFindings(findings []Finding) {
	type keyed struct {
		Finding
		file         string
		line, column int
	}
	rows := make([]keyed, len(findings))
	for i, f := range findings {
		pos := f.Pos()
		rows[i] = keyed{f, pos.File, pos.Line, pos.Column}
	}
	slices.SortStableFunc(rows, func(a, b keyed) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line),
			cmp.Compare(a.column, b.column), cmp.Compare(a.ID, b.ID))
	})
	for i := range rows {
		findings[i] = rows[i].Finding
	}
}

const contentHint = `copy the folders of the sites to content\C\..., for example: xcopy C:\inetpub\wwwroot content\C\inetpub\wwwroot /E /I, and scan the folder that holds content and MetaBase.xml`

// evidence says how each kind is recognised as missing and how to collect it.
var evidence = map[Need]struct {
	missing         func(*snapshot.Snapshot) bool
	reason, collect string
}{
	NeedMetabase: {
		func(s *snapshot.Snapshot) bool { return s.Metabase == nil },
		"no metabase in the snapshot",
		`copy %windir%\System32\inetsrv\MetaBase.xml`,
	},
	// A fragment without a site would otherwise pass for a server without a fault.
	NeedSites: {
		func(s *snapshot.Snapshot) bool { return len(s.Metabase.Sites()) == 0 },
		"no web site in the metabase",
		`copy the whole %windir%\System32\inetsrv\MetaBase.xml`,
	},
	NeedACLs: {
		func(s *snapshot.Snapshot) bool { return s.ACLs == nil },
		"no access lists in the snapshot",
		`cacls C:\inetpub\wwwroot /T > acl.txt`,
	},
	NeedRights: {
		func(s *snapshot.Snapshot) bool { return s.Rights == nil },
		"no user rights in the snapshot",
		`secedit /export /areas USER_RIGHTS /cfg rights.inf`,
	},
	NeedURLScan: {
		func(s *snapshot.Snapshot) bool { return s.URLScan == nil },
		"no UrlScan.ini in the snapshot",
		`copy UrlScan.ini from %windir%\System32\inetsrv\urlscan, if UrlScan is installed`,
	},
	NeedFirewall: {
		func(s *snapshot.Snapshot) bool { return s.Firewall == nil },
		"no settings of Windows Firewall in the snapshot",
		`netsh firewall show config > firewall.txt`,
	},
	NeedHTTPSys: {
		func(s *snapshot.Snapshot) bool {
			return s.Registry.HasKey(snapshot.RegHTTP) == snapshot.Unknown && !hasLargeHeads(s)
		},
		"no registry export with the settings of HTTP.sys in the snapshot",
		`reg export HKLM\SYSTEM\CurrentControlSet\Services\HTTP http.reg`,
	},
	NeedLogs: {
		func(s *snapshot.Snapshot) bool { return !hasLogs(s) },
		"no logs in the snapshot",
		`copy %windir%\System32\LogFiles\W3SVC* and %windir%\System32\LogFiles\HTTPERR`,
	},
	NeedUse: {
		func(s *snapshot.Snapshot) bool { return s.Content.Empty() && !hasLogs(s) },
		"neither web content nor logs in the snapshot",
		contentHint + `; or copy %windir%\System32\LogFiles\W3SVC*`,
	},
	NeedContent: {
		func(s *snapshot.Snapshot) bool { return s.Content.Empty() },
		"no web content in the snapshot",
		contentHint,
	},
}

// lacks reports whether evidence that the check needs is not there.
func lacks(s *snapshot.Snapshot, c *Check) (Skip, bool) {
	for _, need := range c.Needs {
		if e := evidence[need]; e.missing(s) {
			return Skip{ID: c.ID, Reason: e.reason, Collect: e.collect}, true
		}
	}
	return Skip{}, false
}
