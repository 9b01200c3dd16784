package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/reports"
)

func (p *program) why() *cli.Command {
	return &cli.Command{
		Name:      "why",
		Usage:     "shows the effective value of a property and where it comes from",
		ArgsUsage: "PATH... KEY PROPERTY",
		Description: `Shows the value in force at a key, the key that sets it, and the values that it
hides. Below a site's ROOT any KEY may be asked, because values inherit; elsewhere
the key must exist. Case does not matter, and /LM/ may be left out. The value of a
secret is never shown, only whether it is set.`,
		UsageText: examples(
			"why server /LM/W3SVC/1/ROOT AspEnableParentPaths",
			"why server W3SVC/1/ROOT/shop ScriptMaps",
			"why -o json server /LM/W3SVC/1/ROOT MimeMap",
		),
		Flags:  append([]cli.Flag{outputFlag(answerFormats), colorFlag()}, snapshotFlags()...),
		Action: p.runWhy,
	}
}

func (p *program) runWhy(c *cli.Context) error {
	args, err := arguments(c, 3, -1)
	if err != nil {
		return err
	}
	outputs, err := parseOutputs(c.StringSlice("output"), answerFormats)
	if err != nil {
		return err
	}
	s, err := p.open(c, args[:len(args)-2])
	if err != nil {
		return err
	}
	return p.answer(s, func() error {
		origin, err := originOf(s.Metabase, args[len(args)-2], args[len(args)-1])
		if err != nil {
			return err
		}
		return p.write(c, outputs, func(w io.Writer, format string, o reports.Options) error {
			return reports.WriteWhy(w, format, origin, o)
		})
	})
}

func originOf(t *metabase.Tree, path, property string) (reports.Origin, error) {
	key, err := keyPath(t, path)
	if err != nil {
		return reports.Origin{}, err
	}
	if !knowsProperty(t, property) {
		return reports.Origin{}, usage(didYouMean(property, t.Schema().Names(), "the names are those of MBSchema.xml, such as AspEnableParentPaths"), "unknown property %q", property)
	}
	v := t.Effective(key, property)
	return reports.Origin{
		Key: string(key), Property: v.Property, Value: v,
		Chain: t.Chain(key, property), Lists: lists(t, key, v),
	}, nil
}

// lists are those that count together; only a list has any.
func lists(t *metabase.Tree, key metabase.Path, v metabase.Value) []metabase.Value {
	if f := v.Facts(); f == nil || !f.List {
		return nil
	}
	return t.Lists(key, v.Property)
}

// knowsProperty reports whether the schema or any key of the file has the property.
func knowsProperty(t *metabase.Tree, property string) bool {
	if _, ok := t.Schema().Property(property); ok {
		return true
	}
	for k := range t.Keys() {
		if _, ok := k.Own(property); ok {
			return true
		}
	}
	return false
}

// keyPath reads what a user typed as a key. It must exist, except below the ROOT
// of a site that exists.
func keyPath(t *metabase.Tree, typed string) (metabase.Path, error) {
	path := "/" + strings.Trim(strings.ReplaceAll(typed, `\`, "/"), "/")
	for name := range strings.SplitSeq(path[1:], "/") {
		if typed != "/" && (name == "" || name == "." || name == "..") {
			return "", usage("a key is written like /LM/W3SVC/1/ROOT", "%q is no key path", typed)
		}
	}
	if top := metabase.Path(path); !metabase.Path("/LM").Contains(top) && top != "/" {
		path = "/LM" + path
	}
	key := metabase.Path(path)
	if k, ok := t.Key(key); ok {
		return k.Path(), nil
	}
	if site, ok := siteOf(key); ok {
		if _, exists := t.Key(site); exists {
			above, _ := t.Nearest(key)
			return above.Path() + key[len(above.Path()):], nil // as far as it exists, in the file's case
		}
	}
	var known []string
	for k := range t.Keys() {
		known = append(known, string(k.Path()))
	}
	return "", usage(didYouMean(path, known, "a key is written like /LM/W3SVC/1/ROOT"), "the metabase has no key %s", path)
}

// siteOf gives the site of a path at or below its ROOT: /LM/W3SVC/1/ROOT/shop.
func siteOf(key metabase.Path) (metabase.Path, bool) {
	names := strings.Split(string(key), "/")
	if len(names) < 5 || !strings.EqualFold(names[2], "W3SVC") || !strings.EqualFold(names[4], "ROOT") {
		return "", false
	}
	return metabase.Path(strings.Join(names[:4], "/")), true
}
