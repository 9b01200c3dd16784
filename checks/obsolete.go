package checks

import (
	"fmt"
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// uncPassthroughObsolete: UNCAuthenticationPassthrough is set, and IIS 6.0 does not look
// at it any more (S1: it "is no longer used for UNC authentication"). Where content lies
// on a share somebody may rely on it.
func uncPassthroughObsolete(p *pass) {
	for key := range p.tree.Setters("UNCAuthenticationPassthrough") {
		v, _ := key.Own("UNCAuthenticationPassthrough")
		if on, _ := v.Bool(); !on || !ofSites(key) {
			continue
		}
		shares := p.sharesBelow(key.Path())
		f := obsolete(key, v)
		f.Message = "UNCAuthenticationPassthrough is TRUE and changes nothing: IIS 6.0 opens a share as UNCUserName, or as the visitor where no name is stored"
		f.Affects = shares
		if len(shares) == 0 {
			f.Severity = Info
		}
		f.Remedies[0].Steps = append([]string{
			"Decide for every share which account opens it: one that is stored (Connect As), or the visitor's own.",
		}, f.Remedies[0].Steps...)
		p.report(f)
	}
}

// sharesBelow are the virtual directories at or below a key whose content lies on a share.
func (p *pass) sharesBelow(at metabase.Path) (keys []string) {
	for _, d := range p.directories() {
		if d.physical.IsUNC() && at.Contains(d.key.Path()) {
			keys = append(keys, string(d.key.Path()))
		}
	}
	return keys
}

// ofSites reports whether a key belongs to the Web service, and is no template.
func ofSites(key metabase.Key) bool {
	rest, ok := cutFold(string(key.Path()), string(service))
	return ok && (rest == "" || rest[0] == '/' && !strings.HasPrefix(strings.ToLower(rest), "/info/"))
}

// listenTimeoutObsolete: ServerListenTimeout of the Web service or a site, which three
// other properties have replaced (S1). With another number than ConnectionTimeout it is
// taken for a limit that is not in force.
func listenTimeoutObsolete(p *pass) {
	for key := range p.tree.Setters("ServerListenTimeout") {
		v, _ := key.Own("ServerListenTimeout")
		if !ofSites(key) {
			continue
		}
		now := key.Effective("ConnectionTimeout")
		f := obsolete(key, v)
		f.Message = fmt.Sprintf("ServerListenTimeout (%s) changes nothing on IIS 6.0: an idle connection is closed after ConnectionTimeout, %s seconds", v.Text(), now.Text())
		if seconds, ok := v.Uint(); ok {
			if n, ok := now.Uint(); ok && n == seconds {
				f.Severity = Info
			}
		}
		f.Remedies[0].Steps = append([]string{
			"If that time is meant, set ConnectionTimeout (an idle connection), HeaderWaitTimeout (the head of a request) or MinFileBytesPerSec (a slow reader).",
		}, f.Remedies[0].Steps...)
		p.report(f)
	}
}

// obsolete speaks of a property that no longer counts; its message is still to come.
func obsolete(key metabase.Key, v metabase.Value) Finding {
	return Finding{
		Span: v.Span(), Key: key.Path(), Property: v.Property, Value: v.Text(), Origin: v.Key, Affects: []string{string(key.Path())},
		Remedies: []Remedy{{
			Title: "Take the property out",
			Steps: []string{
				"Where adsutil.vbs GET shows the property, adsutil.vbs DELETE takes it out while IIS runs.",
				"Otherwise stop IIS, take it out of the file in a text editor, and start IIS again. Keep a copy first: IIS does not start with a file that is not well-formed.",
			},
			Edits: []snapshot.Edit{{Kind: snapshot.EditMetabase, Target: string(key.Path()), Property: v.Property, Op: metabase.Remove}},
		}},
	}
}
