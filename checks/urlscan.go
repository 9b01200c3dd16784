package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/snapshot/weblog"
	"github.com/iisdoctor/iisdoctor/source"
)

// scanFault is one line of UrlScan.ini that refuses what a site needs.
type scanFault struct {
	at   source.Span
	what string // "DenyExtensions has .exe"
	edit snapshot.Edit
	risk string
	all  bool // it refuses every GET
	dir  directory
	urls []string
}

// urlScanBlocks: UrlScan.ini denies an extension, a dot, a character, a sequence or a
// length that the content has, or a verb that every site needs (S1: "Check your
// URLScan settings"). What lies in the content is needed; what UrlScan's own logs show
// is mostly the attacks that it is there for, and counts only for such files.
func urlScanBlocks(p *pass) {
	u := p.snapshot.URLScan
	sites := p.scannedSites()
	if u.LoggingOnly() || len(sites) == 0 {
		return
	}
	var found byPlace[scanFault]
	note := func(x scanFault, d directory, url string) {
		f, fresh := found.get(x.at)
		if fresh {
			*f = x
			f.dir = d
		}
		f.urls = append(f.urls, url)
	}
	if x, refused := verbFault(u, "GET"); refused { // HEAD and POST may be left out on purpose
		x.all = true
		note(x, sites[0], sites[0].url)
	}
	for _, f := range p.contentFiles() {
		if !f.meant() || !slices.ContainsFunc(sites, func(d directory) bool { return d.site.Path().Equal(f.dir.site.Path()) }) {
			continue
		}
		for _, x := range urlFaults(u, f.url, f.ext) {
			note(x, f.dir, f.url)
		}
	}
	for _, f := range found.order {
		p.report(f.finding(p, len(found.order) == 1))
	}
}

// scannedSites are the roots of the sites for which UrlScan is loaded.
func (p *pass) scannedSites() (sites []directory) {
	for _, f := range p.filters() {
		if strings.EqualFold(f.dll.Base(), "urlscan.dll") {
			sites = append(sites, f.sites...)
		}
	}
	return sites
}

// verbFault: the verbs of AllowVerbs have a case, those of DenyVerbs have none.
func verbFault(u *snapshot.UrlScan, verb string) (scanFault, bool) {
	if on, at := u.Flag("UseAllowVerbs"); on == snapshot.Yes {
		_, listed := u.Find("AllowVerbs", verb)
		return scanFault{at: at, what: "AllowVerbs lacks " + verb, edit: scanEdit("AllowVerbs", metabase.Add, verb)}, !listed
	}
	e, listed := u.Find("DenyVerbs", verb)
	return scanFault{at: e.At, what: "DenyVerbs has " + e.Text, edit: scanEdit("DenyVerbs", metabase.Remove, e.Text)}, listed
}

func scanEdit(section string, op metabase.Op, entry string) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditURLScan, Target: section, Op: op, Value: entry}
}

func scanOption(section, name, value string) snapshot.Edit {
	return snapshot.Edit{Kind: snapshot.EditURLScan, Target: section, Property: name, Op: metabase.Set, Value: value}
}

// urlFaults are the lines that refuse a URL, given as it is decoded.
func urlFaults(u *snapshot.UrlScan, url, ext string) (all []scanFault) {
	if ext == "" {
		ext = "."
	}
	if on, at := u.Flag("UseAllowExtensions"); on == snapshot.Yes {
		if _, ok := u.Find("AllowExtensions", ext); !ok {
			all = append(all, scanFault{at: at, what: "AllowExtensions lacks " + ext, edit: scanEdit("AllowExtensions", metabase.Add, ext)})
		}
	} else if e, ok := u.Find("DenyExtensions", ext); ok {
		x := scanFault{at: e.At, what: "DenyExtensions has " + e.Text, edit: scanEdit("DenyExtensions", metabase.Remove, e.Text)}
		if ext == ".exe" || ext == ".com" {
			x.risk = "visitors can then run programs in every directory that allows Execute"
		}
		all = append(all, x)
	}
	folder := url[:strings.LastIndexByte(url, '/')+1]
	for _, option := range [...]struct {
		name, good, what, risk string
		refused                bool
	}{
		{"AllowDotInPath", "1", "AllowDotInPath is 0, and a folder's name has a dot", "UrlScan can then no longer be sure of the extension of a URL with several dots", strings.Contains(folder, ".")},
		{"AllowHighBitCharacters", "1", "AllowHighBitCharacters is 0, and the name has a letter beyond ASCII", "", strings.ContainsFunc(url, func(r rune) bool { return r > 127 })},
		{"VerifyNormalization", "0", "VerifyNormalization is on, and the name has a % sign", "URLs that are encoded twice are then let through: rename the file rather", strings.Contains(url, "%")},
	} {
		on, at := u.Flag(option.name)
		if wanted := option.good == "1"; option.refused && (wanted && on == snapshot.No || !wanted && on == snapshot.Yes) {
			all = append(all, scanFault{at: at, what: option.what, risk: option.risk, edit: scanOption("Options", option.name, option.good)})
		}
	}
	list, _ := u.List("DenyUrlSequences")
	for _, e := range list {
		if e.Text != "" && strings.Contains(strings.ToLower(url), strings.ToLower(e.Text)) {
			all = append(all, scanFault{at: e.At, what: "DenyUrlSequences has " + e.Text, edit: scanEdit("DenyUrlSequences", metabase.Remove, e.Text),
				risk: "the sequence is there against attacks: rename the file rather"})
		}
	}
	if most, at, ok := u.Limit("MaxUrl"); ok && int64(len(url)) > most {
		all = append(all, scanFault{at: at, what: fmt.Sprintf("MaxUrl is %d, and the URL has %d letters", most, len(url)), edit: scanOption("RequestLimits", "MaxUrl", fmt.Sprint(len(url)))})
	}
	return all
}

func (x *scanFault) finding(p *pass, alone bool) Finding {
	needed := fmt.Sprintf("files of the content are refused with 404 (%s, the first %s)", count(len(x.urls), "URL"), x.urls[0])
	if x.all {
		needed = "every GET is refused with 404"
	}
	f := Finding{
		Message: fmt.Sprintf("UrlScan.ini: %s, and so %s", x.what, needed),
		Span:    x.at, Property: x.edit.Target, Value: strings.TrimSpace(string(x.at.Bytes())), Affects: x.urls,
		Witness: p.witness(x.dir, x.urls[0]),
		Remedies: []Remedy{{Title: "Let UrlScan pass what the site needs", Risk: x.risk, Edits: []snapshot.Edit{x.edit}, Steps: []string{
			urlScanStep(x.edit), "Restart IIS: UrlScan reads its settings when it is loaded."}}},
	}
	if x.edit.Property != "" {
		f.Property = x.edit.Property
	}
	f.Observed = p.scanRows(x)
	if alone && f.Observed == nil { // a row of the W3C log does not tell which line refused it
		reject, _ := p.snapshot.URLScan.Option("RejectResponseUrl")
		f.sign = sign{request: func(r weblog.Request) bool { return r.Status == 404 },
			row: eachRow(func(_ weblog.Request, path string) bool { return strings.EqualFold(path, reject) })}
	}
	return f
}

// scanRows are the rows of UrlScan's own logs that show requests for the fault's URLs
// refused; nil for none. Their times are local ones.
func (p *pass) scanRows(x *scanFault) *Observation {
	wanted := map[string]bool{}
	for _, url := range x.urls {
		wanted[strings.ToLower(escape(url))] = true
	}
	var o Observation
	for _, log := range p.snapshot.URLScanLogs {
		for row := range log.Rows() {
			if !row.Rejected || !wanted[strings.ToLower(row.Path)] || row.Site != "" && row.Site != x.dir.site.Path().Name() {
				continue
			}
			if o.Last = row.Time.Format("2006-01-02 15:04:05"); o.Count == 0 {
				o.First = o.Last
			}
			if o.Count++; len(o.Samples) < maxSamples {
				at := row.Pos()
				o.Samples = append(o.Samples, fmt.Sprintf("%s:%d: %s %s: %s", at.File, at.Line, o.Last, row.Path, row.Reason))
			}
		}
	}
	if o.Count == 0 {
		return nil
	}
	return &o
}
