package collect_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/collect"
)

func TestScript(t *testing.T) {
	for _, test := range []struct {
		target, begins, file string
		ok                   bool
	}{
		{"2003", "@echo off\r\n", "collect-2003.cmd", true},
		{"2003R2", "@echo off\r\n", "collect-2003.cmd", true},
		{"2008", "<#\r\n", "collect-2012.ps1", true},
		{"2008r2", "<#\r\n", "collect-2012.ps1", true},
		{"2012", "<#\r\n", "collect-2012.ps1", true},
		{"2012 R2", "<#\r\n", "collect-2012.ps1", true},
		{"2016", "<#\r\n", "collect-2012.ps1", true},
		{"2019", "<#\r\n", "collect-2012.ps1", true},
		{"2022", "<#\r\n", "collect-2012.ps1", true},
		{"2025", "<#\r\n", "collect-2012.ps1", true},
		{"2000", "", "", false},
		{"2016R2", "", "", false},
		{"R2", "", "", false},
		{"", "", "", false},
	} {
		text, ok := collect.Script(test.target)
		if ok != test.ok || !strings.HasPrefix(text, test.begins) || !ok && text != "" || collect.FileName(test.target) != test.file {
			t.Errorf("%q: %v, %.20q, file %q", test.target, ok, text, collect.FileName(test.target))
		}
	}
}

// TestDevices: a device such as the mailboxes of Exchange, \\.\BackOfficeStorage, is no
// share, and is not collected.
func TestDevices(t *testing.T) {
	text, _ := collect.Script("2012")
	m := regexp.MustCompile(`-match '([^']+)'\) \{ return Join-Path \$Root \('content\\UNC`).FindStringSubmatch(text)
	if m == nil {
		t.Fatal("no pattern of a share in the script for PowerShell")
	}
	for path, want := range map[string]bool{`\\files\web`: true, `\\f\web\a.htm`: true, `\\files`: false, `\\.\BackOfficeStorage\contoso.com\MBX`: false, `\\?\C:\web`: false} {
		if got := regexp.MustCompile(m[1]).MatchString(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	if text, _ := collect.Script("2003"); !strings.Contains(text, `If Left(path, 2) = "\\" And InStr(".?", Mid(path, 3, 1)) = 0 Then Target =`) {
		t.Error("the script for Windows Server 2003 takes devices for shares")
	}
}

// TestBytes holds what Windows wants of the scripts: ASCII, and CR LF at every line.
func TestBytes(t *testing.T) {
	for _, target := range collect.Targets() {
		text, _ := collect.Script(target)
		for i, line := range strings.SplitAfter(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			body := strings.TrimSuffix(line, "\r\n")
			if at := strings.IndexFunc(body, func(r rune) bool { return r < ' ' || r > '~' }); at >= 0 {
				t.Errorf("%s: line %d: %q", target, i+1, body[at:])
			}
			// The command line of Windows Server 2003 ends at 8191 characters.
			if len(body) > 400 {
				t.Errorf("%s: line %d has %d characters", target, i+1, len(body))
			}
		}
	}
}

// TestHeaders holds that both scripts say what they do before they do it.
func TestHeaders(t *testing.T) {
	for _, target := range []string{"2003", "2012"} {
		text, _ := collect.Script(target)
		text = strings.Join(strings.Fields(strings.ReplaceAll(text, "\r\nrem", "\r\n")), " ")
		for _, words := range []string{"It changes nothing on the server", "sends nothing anywhere", "[withheld]", "with addresses, names and queries", "Exit code: 0 everything was collected"} {
			if at := strings.Index(text, words); at < 0 || at > 4500 {
				t.Errorf("%s: the header does not say %q", target, words)
			}
		}
	}
}

// TestSameMasks holds that both scripts hide the same in content: their patterns,
// without what the quoting of each language adds, are the same.
func TestSameMasks(t *testing.T) {
	batch, _ := collect.Script("2003")
	shell, _ := collect.Script("2012")
	part := between(t, batch, "Function MaskContent", "End Function")
	var old []string
	for _, m := range regexp.MustCompile(`Mask\(t(?:ext)?, "(.*)"\)\r`).FindAllStringSubmatch(part, -1) {
		p := strings.ReplaceAll(m[1], `" & words & "`, "WORDS")
		old = append(old, strings.ReplaceAll(p, `""`, `"`))
	}
	part = between(t, shell, "function Hide-Secrets", "\r\n}")
	var now []string
	for _, m := range regexp.MustCompile(`Hide-Values \$[Tt](?:ext)? \(?'(.*)'\)?\r`).FindAllStringSubmatch(part, -1) {
		p := strings.ReplaceAll(m[1], `' + $words + '`, "WORDS")
		now = append(now, strings.ReplaceAll(p, `''`, `'`))
	}
	// applicationHost.config alone has values that IIS encrypts.
	if len(now) > 0 && strings.Contains(now[len(now)-1], `\[enc:`) {
		now = now[:len(now)-1]
	}
	if len(old) != 5 || !slices.Equal(old, now) {
		t.Errorf("2003 has\n%s\n2012 has\n%s", strings.Join(old, "\n"), strings.Join(now, "\n"))
	}
	for _, name := range []string{"Never", "Texts"} {
		list := regexp.MustCompile(`(?m)^(?:::: Const |\$)` + name + ` = ["'] ?([a-z0-9 ]+?) ?["']`)
		a, b := list.FindStringSubmatch(batch), list.FindStringSubmatch(shell)
		if a == nil || b == nil {
			t.Fatalf("no list %s", name)
		}
		for _, ext := range strings.Fields(a[1]) {
			if !slices.Contains(strings.Fields(b[1]), ext) {
				t.Errorf("%s: only 2003 has .%s", name, ext)
			}
		}
	}
}

// between gives the text from one mark to the next.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	part, _, ended := strings.Cut(rest, to)
	if !ok || !ended {
		t.Fatalf("no part from %q to %q", from, to)
	}
	return from + part
}
