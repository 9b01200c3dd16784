package iis

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// MapPath is the file that a URL path of a site leads to, as Server.MapPath gives it.
func (m *Model) MapPath(site metabase.Path, url string) source.WinPath {
	url = "/" + strings.TrimLeft(url, "/")
	root, key := m.virtualDirectory(site, url)
	return m.below(root, key)
}

// Folder is the folder that a key of a site leads to, such as that of an application.
func (m *Model) Folder(key metabase.Path) source.WinPath {
	for at := key; at != "" && at != "/"; at = at.Parent() {
		if k, ok := m.tree.Key(at); ok && isVirtualDirectory(k) {
			return m.below(k.Path(), key)
		}
	}
	return ""
}

// below is the file of a key below the key of its virtual directory.
func (m *Model) below(root, key metabase.Path) source.WinPath {
	folder := source.WinPath(m.tree.Effective(root, "Path").Text()).Clean()
	rest := strings.Trim(string(key)[min(len(root), len(key)):], "/")
	return folder.Join(strings.ReplaceAll(rest, "/", `\`))
}
