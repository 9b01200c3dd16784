// Package metabase holds the configuration tree of IIS: keys, properties,
// inheritance and schema, and the reader that fills it from MetaBase.xml.
package metabase

import "strings"

// Path is a key path such as /LM/W3SVC/1/ROOT, compared without case as every
// public tool does it.
type Path string

// Fold is the path in the form used as a map key: lower case, no trailing slash.
func (p Path) Fold() string { return strings.ToLower(strings.TrimRight(string(p), "/")) }

// Equal compares without case.
func (p Path) Equal(q Path) bool { return strings.EqualFold(p.trim(), q.trim()) }

func (p Path) trim() string { return strings.TrimRight(string(p), "/") }

// Parent is the path without its last name, "" above the top.
func (p Path) Parent() Path {
	s := p.trim()
	return Path(s[:max(strings.LastIndexByte(s, '/'), 0)])
}

// Name is the last name of the path.
func (p Path) Name() string {
	s := p.trim()
	return s[strings.LastIndexByte(s, '/')+1:]
}

// Join appends a relative path; slashes at the seam are unified.
func (p Path) Join(rel string) Path {
	rel = strings.Trim(rel, "/")
	if rel == "" {
		return Path(p.trim())
	}
	return Path(p.trim() + "/" + rel)
}

// Below is what q has below p, without the slash at its beginning, as q spells it.
// It counts names: folded letters may take other numbers of bytes. p contains q.
func (p Path) Below(q Path) string {
	rest := q.trim()
	for range strings.Count(p.trim(), "/") + 1 {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return ""
		}
		rest = rest[i+1:]
	}
	return rest
}

// Contains reports whether q is p or lies below it.
func (p Path) Contains(q Path) bool {
	a, b := p.Fold(), q.Fold()
	return strings.HasPrefix(b, a) && (len(a) == len(b) || b[len(a)] == '/')
}
