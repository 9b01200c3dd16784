package server

import (
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot"
	"github.com/iisdoctor/iisdoctor/source"
)

func textOfFile(t testing.TB, name, text string) *source.Text {
	t.Helper()
	decoded, problem := source.Decode(name, []byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	return decoded
}

// aclsOf reads a listing of cacls.
func aclsOf(t testing.TB, listing string) *snapshot.ACLs {
	t.Helper()
	l, problems := snapshot.ReadACLs(textOfFile(t, "acls.txt", listing))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// rightsOf reads an export of secedit.
func rightsOf(t testing.TB, inf string) *snapshot.Rights {
	t.Helper()
	r, problems := snapshot.ReadRights(textOfFile(t, "rights.inf", inf))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}
