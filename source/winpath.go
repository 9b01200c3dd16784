package source

import "strings"

// WinPath is a path as Windows writes it: C:\inetpub\wwwroot or \\server\share\x.
// Names compare without case. path/filepath does not know these rules on other
// systems, so they live here and nowhere else.
type WinPath string

// Clean unifies separators, resolves . and .., and drops a trailing backslash.
// What leads above the root stays at the root, as Windows does it.
func (p WinPath) Clean() WinPath {
	if p.isClean() {
		return p
	}
	root, rest := p.split()
	var out []string
	for _, name := range strings.Split(rest, `\`) {
		switch name {
		case "", ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, name)
		}
	}
	return WinPath(root + strings.Join(out, `\`))
}

// isClean reports whether an absolute path on a drive needs no cleaning, as most do.
func (p WinPath) isClean() bool {
	s := string(p)
	return len(s) > 3 && s[1:3] == `:\` && s[len(s)-1] != '\\' &&
		!strings.Contains(s, "/") && !strings.Contains(s, `\\`) && !strings.Contains(s, `\.`)
}

// split gives the root with its backslash (`C:\`, `\\server\share\`, `\\.\device\`,
// `\` or "") and what follows it, with backslashes only.
func (p WinPath) split() (root, rest string) {
	s := p.plain()
	switch {
	case strings.HasPrefix(s, `\\`):
		parts := strings.SplitN(s[2:], `\`, 3)
		root = `\\` + parts[0] + `\`
		if len(parts) > 1 {
			root += parts[1] + `\`
		}
		if len(parts) > 2 {
			rest = parts[2]
		}
		return root, rest
	case len(s) >= 2 && s[1] == ':':
		return s[:2] + `\`, strings.TrimPrefix(s[2:], `\`)
	case strings.HasPrefix(s, `\`):
		return `\`, s[1:]
	}
	return "", s
}

// Join appends names to the path and cleans the result.
func (p WinPath) Join(names ...string) WinPath {
	return WinPath(string(p) + `\` + strings.Join(names, `\`)).Clean()
}

// plain has backslashes only, and \\?\C:\x and \\?\UNC\server\share as C:\x and
// \\server\share: the prefix only lifts limits of the name (Windows SDK, Naming Files).
func (p WinPath) plain() string {
	s := strings.ReplaceAll(string(p), "/", `\`)
	rest, long := strings.CutPrefix(s, `\\?\`)
	switch {
	case long && len(rest) >= 4 && strings.EqualFold(rest[:4], `UNC\`):
		return `\\` + rest[4:]
	case long && len(rest) >= 2 && rest[1] == ':':
		return rest
	}
	return s
}

// IsUNC reports whether the path names a share: \\server\share. \\.\ and \\?\ lead to
// devices of this computer, such as \\.\BackOfficeStorage, the mailboxes of Exchange.
func (p WinPath) IsUNC() bool {
	s := p.plain()
	return strings.HasPrefix(s, `\\`) && !strings.HasPrefix(s, `\\.\`) && !strings.HasPrefix(s, `\\?\`)
}

// IsAbs reports whether the path starts at a drive or a share.
func (p WinPath) IsAbs() bool {
	root, _ := p.split()
	return len(root) > 1
}

// Share gives \\server\share for a UNC path, else "".
func (p WinPath) Share() string {
	if !p.IsUNC() {
		return ""
	}
	root, _ := p.split()
	return strings.TrimSuffix(root, `\`)
}

// Base is the last name.
func (p WinPath) Base() string {
	c := string(p.Clean())
	return c[strings.LastIndexByte(c, '\\')+1:]
}

// Dir is all but the last name; a root is its own Dir.
func (p WinPath) Dir() WinPath {
	root, rest := p.Clean().split()
	i := strings.LastIndexByte(rest, '\\')
	return WinPath(root + rest[:max(i, 0)])
}

// Ext is the last name's extension in lower case with its dot, or "".
func (p WinPath) Ext() string {
	base := p.Base()
	i := strings.LastIndexByte(base, '.')
	if i < 0 {
		return ""
	}
	return strings.ToLower(base[i:])
}

// Fold is the path cleaned and in lower case: a key for maps.
func (p WinPath) Fold() string { return strings.ToLower(string(p.Clean())) }

// Within reports whether the path is dir or lies below it.
func (p WinPath) Within(dir WinPath) bool {
	a, b := p.Fold(), strings.TrimSuffix(dir.Fold(), `\`)
	return strings.HasPrefix(a, b) && (len(a) == len(b) || a[len(b)] == '\\')
}
