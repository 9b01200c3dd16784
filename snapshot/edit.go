package snapshot

import (
	"io/fs"
	"slices"

	"github.com/iisdoctor/iisdoctor/metabase"
)

// EditKind says which evidence an edit changes; the words are part of the JSON
// contract.
type EditKind string

// The kinds of edits, each with what its fields hold. What a snapshot has no
// evidence of stays unknown: an edit of it changes nothing.
const (
	// EditMetabase: key path, property, any operation, value or entry.
	EditMetabase EditKind = "metabase"
	// EditRegistry: key, value name ("" for the default value), set or remove, type
	// and data as RegistryData writes them. Setting creates the key.
	EditRegistry EditKind = "registry"
	// EditRight: privilege, nothing, add or remove, account.
	EditRight EditKind = "right"
	// EditGroup: WorkerGroupName, nothing, add, account.
	EditGroup EditKind = "group"
	// EditACL: path, account, add, set or remove, the letter of cacls (R, W, C, F; N
	// with set). A path that ends in \ is a folder with everything below it.
	EditACL EditKind = "acl"
	// EditURLScan: section, option with set and remove or "" with add and remove of
	// an entry, value or entry.
	EditURLScan EditKind = "urlscan"
	// EditFirewall: "TCP 80", nothing, add, the exception's name; or
	// FirewallExceptions, the profile's name, set, ENABLE.
	EditFirewall EditKind = "firewall"
)

// Edit is one change as data: what a remedy's commands are rendered from and what
// Apply carries out.
type Edit struct {
	Kind     EditKind
	Target   string
	Property string
	Op       metabase.Op
	Value    string
}

// Apply gives the snapshot after the edits; it shares what did not change. Logs and
// events are left out: they tell of the time before. The snapshot itself stays as
// it is.
func (s *Snapshot) Apply(edits []Edit) *Snapshot {
	of := map[EditKind][]Edit{}
	for _, e := range edits {
		of[e.Kind] = append(of[e.Kind], e)
	}
	out := *s
	out.Logs, out.Events, out.URLScanLogs = nil, nil, nil
	out.Metabase = withChanges(s.Metabase, of[EditMetabase])
	out.Registry = s.Registry.with(of[EditRegistry])
	out.Rights = s.Rights.with(of[EditRight])
	out.WorkerGroup = s.WorkerGroup.with(of[EditGroup])
	out.ACLs = s.ACLs.with(of[EditACL])
	out.URLScan = s.URLScan.with(of[EditURLScan])
	out.Firewall = s.Firewall.with(of[EditFirewall])
	return &out
}

func withChanges(t *metabase.Tree, edits []Edit) *metabase.Tree {
	if t == nil || len(edits) == 0 {
		return t
	}
	var changes []metabase.Change
	for _, e := range edits {
		changes = append(changes, metabase.Change{Key: metabase.Path(e.Target), Property: e.Property, Op: e.Op, Value: e.Value})
	}
	return t.With(changes)
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
