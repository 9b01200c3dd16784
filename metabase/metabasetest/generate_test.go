package metabasetest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

func TestGenerate(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(Generate(&a, 20), Generate(&b, 20)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same number gives other bytes")
	}
	text, p := source.Decode("m.xml", a.Bytes())
	if p != nil {
		t.Fatal(p)
	}
	tree, problems := metabase.Read(text, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if n := len(tree.Sites()); n != 20 {
		t.Errorf("%d sites", n)
	}
	if _, _, unknown := tree.Counts(); unknown != 1 {
		t.Errorf("%d properties that the schema does not know; one is meant to be", unknown)
	}
	for k := range tree.Keys() {
		for v := range k.Properties() {
			if !v.Custom() && !tree.Schema().Allows(k.Class(), v.Property) {
				t.Errorf("%s does not know %s", k.Class(), v.Property)
			}
			if !v.Usable() {
				t.Errorf("%s cannot hold %q", v.Property, v.Text())
			}
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestGenerateReportsWriteErrors(t *testing.T) {
	if Generate(full{}, 1) == nil {
		t.Error("no error")
	}
}
