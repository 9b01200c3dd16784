package snapshot

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

// Map says where the content of a folder of the server lies.
type Map struct {
	Windows string // C:\inetpub or \\server\share\folder
	Path    string // a folder on this machine or, where there is none, inside the snapshot
}

// ErrMap is wrapped by the error of OpenWith for a Map that cannot be followed.
var ErrMap = errors.New("cannot map")

// ParseMap reads the form WINDOWS=PATH of the command line: C:\inetpub=./inetpub.
func ParseMap(text string) (Map, error) {
	windows, local, ok := strings.Cut(text, "=")
	m := Map{Windows: strings.TrimSpace(windows), Path: strings.TrimSpace(local)}
	if !ok || m.Path == "" || !source.WinPath(m.Windows).IsAbs() {
		return Map{}, fmt.Errorf(`%w %q: it has the form C:\inetpub=./inetpub or \\server\share=./share`, ErrMap, text)
	}
	return m, nil
}

// mapping is a Map on its way.
type mapping struct {
	Map
	at    source.WinPath
	local string // the absolute path of a folder on this machine, empty where there is none
	inner string // else its path inside the snapshot
	used  bool
}

func (c *collector) prepareMaps(maps []Map) error {
	for _, given := range maps {
		m := &mapping{Map: given, at: source.WinPath(given.Windows).Clean()}
		if !m.at.IsAbs() || given.Path == "" {
			return fmt.Errorf(`%w %q: C:\folder or \\server\share is expected`, ErrMap, given.Windows)
		}
		info, err := os.Stat(given.Path)
		switch {
		case err == nil && info.IsDir():
			m.local = absolute(given.Path)
		case err == nil:
			return fmt.Errorf("%w %s: %s is no folder", ErrMap, given.Windows, given.Path)
		default:
			m.inner = path.Clean(filepath.ToSlash(given.Path))
		}
		c.maps = append(c.maps, m)
	}
	return nil
}

func absolute(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	return abs
}

// mapping gives the map that leads to a folder of this walk, nil where none does.
func (w *walker) mapping(name string) *mapping {
	for _, m := range w.maps {
		if m.local != "" && w.base != "" && m.local == filepath.Join(w.base, filepath.FromSlash(name)) || m.inner != "" && m.inner == w.at(name) {
			return m
		}
	}
	return nil
}

// mapped takes a folder of this walk as content.
func (w *walker) mapped(name string, m *mapping) {
	m.used = true
	w.addMapped(w.at(name), m.at)
	inner := *w
	inner.layer = w.layer + 1 // over what lies below a folder named content
	inner.disk(name, m.at, 0)
}

// addMapped adds a mapped folder and the folders on the way to it, which lie below
// those of any layer: a map may write their names in another case.
func (w *walker) addMapped(shown string, at source.WinPath) {
	w.index.addRoot(shown)
	w.index.add(item{path: at, name: shown, dir: true, layer: w.layer + 1})
	for dir := at; dir != dir.Dir(); {
		dir = dir.Dir()
		w.index.add(item{path: dir, name: contentName(dir), dir: true, layer: -1})
	}
}

// mapped opens the mapped folders that were not met in any path.
func (c *collector) mapped() error {
	for _, m := range c.maps {
		if m.used {
			continue
		}
		if m.local == "" {
			return fmt.Errorf("%w %s: there is no folder %s, neither here nor in what was named", ErrMap, m.Windows, m.Path)
		}
		root, err := os.OpenRoot(m.local)
		if err != nil {
			return err
		}
		shown := path.Clean(filepath.ToSlash(m.Path))
		w := walker{collector: c, fsys: root.FS(), shown: shown, inner: shown}
		w.mapped(".", m)
	}
	return nil
}
