package metabase_test

import (
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/metabase"
	"github.com/iisdoctor/iisdoctor/source"
)

// TestMisspeltSecret: a misspelt secret is one; a misspelt word of another kind is not.
func TestMisspeltSecret(t *testing.T) {
	for name, secret := range map[string]bool{
		"AnonymousPasswrd": true, "WAMUserPas": true, "LogOdbcPasssword": true, "AdminACLs": true, "SesionKey": true, "UNCPasword": true,
		"AnonymousUserPss": true, "UNCPssword": true, "ADMINALC": true, "MyPwd": true, "ClientSecret": true, "credentialStore": true,
		"AspEnableParentPath": false, "DefaultDocs": false, "UNCUserNam": false, "Colour": false, "AuthFlag": false,
	} {
		written := map[string]string{
			"attribute": `<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT" ` + name + `="hunter2"></IIsWebVirtualDir>`,
			"Custom":    `<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT"><Custom Name="` + name + `" ID="99999" Value="hunter2" Type="STRING"/></IIsWebVirtualDir>`,
			"a number":  `<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT"><Custom Name="` + name + `" ID="99999" Value="hunter2" Type="DWORD"/></IIsWebVirtualDir>`,
		}
		for form, key := range written {
			text := source.NewText("MetaBase.xml", []byte(`<?xml version="1.0"?><configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0"><MBProperty>`+"\n"+key+"\n</MBProperty></configuration>"))
			tree, problems := metabase.Read(text, metabase.Builtin())
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			v := tree.Effective("/LM/W3SVC/1/ROOT", name)
			if v.Secret() != secret || secret && v.Text() != "" {
				t.Errorf("%s as %s: secret %v, text %q", name, form, v.Secret(), v.Text())
			}
			e, _ := text.Excerpt(source.Pos{File: "MetaBase.xml", Line: 2, Column: 1, EndColumn: 2})
			if strings.Contains(e.Line, "hunter2") == secret {
				t.Errorf("%s as %s: the excerpt shows %s", name, form, e.Line)
			}
			after := tree.With([]metabase.Change{{Key: "/LM/W3SVC/2", Property: name, Op: metabase.Set, Value: "hunter2"}})
			if got := after.Effective("/LM/W3SVC/2", name).Text(); (got == "") != secret {
				t.Errorf("%s after an edit: %q", name, got)
			}
		}
	}
}

// TestMisspeltSecretBroken: the excerpt of a fault inside its value shows nothing of it.
func TestMisspeltSecretBroken(t *testing.T) {
	text := source.NewText("MetaBase.xml", []byte(`<?xml version="1.0"?><configuration xmlns="urn:microsoft-catalog:XML_Metabase_V64_0"><MBProperty>`+
		"\n<IIsWebVirtualDir Location=\"/LM/W3SVC/1/ROOT\" SesionKey=\"hunt<er2\"></IIsWebVirtualDir>\n</MBProperty></configuration>"))
	_, problems := metabase.Read(text, metabase.Builtin())
	if len(problems) == 0 {
		t.Fatal("no problem")
	}
	e, _ := text.Excerpt(problems[0].Pos)
	if strings.Contains(e.Line, "hunt") || strings.Contains(e.Line, "er2") {
		t.Errorf("the excerpt shows %s", e.Line)
	}
}
