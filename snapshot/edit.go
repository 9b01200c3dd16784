package snapshot

import (
	"io/fs"
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// EditKind says which evidence an edit changes.
type EditKind string

// EditMetabase changes a property of a metabase key.
const EditMetabase EditKind = "metabase"

// Edit is one change as data: what a remedy's commands are rendered from and what
// Apply carries out.
type Edit struct {
	Kind     EditKind
	Target   string // metabase: the key path
	Property string
	Op       metabase.Op
	Value    string
}

// Apply gives the snapshot after the edits; it shares what did not change. Logs and
// events are left out: they tell of the time before. The snapshot itself stays as
// it is.
func (s *Snapshot) Apply(edits []Edit) *Snapshot {
	var changes []metabase.Change
	for _, e := range edits {
		if e.Kind == EditMetabase {
			changes = append(changes, metabase.Change{Key: metabase.Path(e.Target), Property: e.Property, Op: e.Op, Value: e.Value})
		}
	}
	out := *s
	out.Logs, out.Events, out.URLScanLogs = nil, nil, nil
	if s.Metabase != nil && len(changes) > 0 {
		out.Metabase = s.Metabase.With(changes)
	}
	return &out
}

// WithContent gives the snapshot with content files laid over it (a fault's fixed/
// folder): the layer's content folder and files.txt. Whatever else lies in the
// layer is not read, and logs and events are left out as in Apply.
func (s *Snapshot) WithContent(layer fs.FS) (*Snapshot, error) {
	c := newCollector()
	c.index = index{items: slices.Clone(s.Content.items), clashes: folderClashes(s.Content.clashes)}
	for _, it := range c.index.items {
		c.layers = max(c.layers, it.layer)
	}
	if err := c.layer(layer, layer); err != nil {
		return nil, err
	}
	out := *s
	out.Logs, out.Events, out.URLScanLogs = nil, nil, nil
	out.Content = c.index.content()
	out.Files = slices.Clone(s.Files)
	for _, root := range c.index.roots {
		if f := (File{Path: root, Kind: KindContent}); !slices.Contains(out.Files, f) {
			out.Files = append(out.Files, f)
		}
	}
	out.Problems = slices.Concat(s.Problems, c.problems)
	return &out, nil
}
