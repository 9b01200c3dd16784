package proof

import (
	"os"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/checks"
	"github.com/iisdoctor/iisdoctor/snapshot"
)

// migrated is a server with many faults at once, see its README.md. The pages
// that its remedies rewrite lie beside it.
const migrated = "../testdata/migrated"

// TestMigratedIsMended: with the first remedy of every finding the faults of a whole
// server are gone, and every URL answers; one remedy less and something is left.
func TestMigratedIsMended(t *testing.T) {
	s, err := snapshot.Open(migrated)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems {
		t.Errorf("problem in the fixture: %s", p)
	}
	findings := serious(checks.Run(s))
	if len(findings) < 6 {
		t.Fatalf("only %d findings", len(findings))
	}
	after := mendAll(t, s, findings)
	for _, f := range serious(checks.Run(after)) {
		t.Errorf("after all remedies: %s %s: %s", f.ID, f.Pos(), f.Message)
	}
	for _, x := range askMigrated(t, after) {
		if !strings.HasPrefix(x.Status, "HTTP/1.1 200") {
			t.Errorf("after all remedies: %s: %s, %v", x.Request.URL, x.Status, x.Err)
		}
		if strings.Contains(string(x.Body), "<%") {
			t.Errorf("%s: the source was sent", x.Request.URL)
		}
	}
	for i := range findings {
		less := append(append([]checks.Finding{}, findings[:i]...), findings[i+1:]...)
		if len(findings[i].Remedies[0].Edits) > 0 && len(serious(checks.Run(mendAll(t, s, less)))) == 0 {
			t.Errorf("%s %s: without its remedy nothing is left", findings[i].ID, findings[i].Pos())
		}
	}
}

// serious are the findings that must be mended.
func serious(r checks.Report) []checks.Finding {
	var all []checks.Finding
	for _, f := range r.Findings {
		if f.Severity != checks.Info {
			all = append(all, f)
		}
	}
	return all
}

// mendAll applies the edits of every first remedy, and lays the rewritten pages over
// those that a remedy asks a person to rewrite.
func mendAll(t *testing.T, s *snapshot.Snapshot, findings []checks.Finding) *snapshot.Snapshot {
	t.Helper()
	var edits []snapshot.Edit
	for _, f := range findings {
		if len(f.Remedies) == 0 {
			t.Fatalf("%s %s has no remedy", f.ID, f.Pos())
		}
		edits = append(edits, f.Remedies[0].Edits...)
	}
	after, err := s.Apply(edits).WithContent(os.DirFS(migrated + "-fixed"))
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// askMigrated asks for what visitors of the three sites ask for.
func askMigrated(t *testing.T, s *snapshot.Snapshot) []Exchange {
	t.Helper()
	var requests []Request
	for _, url := range []string{
		"www.larkspur-press.example/", "www.larkspur-press.example/catalog/list.asp", "www.larkspur-press.example/catalog/autumn.docx",
		"www.larkspur-press.example/news/news.stm", "www.larkspur-press.example/contact/send.asp", "www.larkspur-press.example/scripts/poll.asp",
		"www.larkspur-press.example/covers/spring.gif", "partners.larkspur-press.example/", "partners.larkspur-press.example/default.htm",
		"orders.larkspur-press.example/", "orders.larkspur-press.example/default.asp",
	} {
		requests = append(requests, Request{Method: "GET", URL: "http://" + url})
	}
	exchanges, err := replay(s, &Spec{}, requests)
	if err != nil {
		t.Fatal(err)
	}
	return exchanges
}
