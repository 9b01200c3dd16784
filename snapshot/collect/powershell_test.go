package collect_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/collect"
)

// psCode blanks comments and texts of a PowerShell script, keeping what $( ) holds in
// a text, and reports brackets that do not match.
func psCode(t *testing.T, script string) string {
	p := psReader{t: t, text: script}
	p.code(0)
	return p.out.String()
}

type psReader struct {
	t    *testing.T
	text string
	at   int
	out  strings.Builder
}

// code reads up to the bracket that closes what is open, or to the end.
func (p *psReader) code(end byte) {
	closes := map[byte]byte{'(': ')', '{': '}', '[': ']'}
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '#' && p.at > 1 && p.text[p.at-2] == '<':
			p.skip("#>")
		case c == '#':
			p.skip("\n")
			p.out.WriteByte('\n')
		case c == '\'':
			p.single()
		case c == '"':
			p.double()
		case c == end:
			p.out.WriteByte(c)
			return
		case closes[c] != 0:
			p.out.WriteByte(c)
			p.code(closes[c])
		case c == ')' || c == '}' || c == ']':
			p.t.Errorf("%q closes nothing, before %.40q", c, p.text[p.at:])
		default:
			p.out.WriteByte(c)
		}
	}
	if end != 0 {
		p.t.Errorf("a bracket is never closed by %q", end)
	}
}

func (p *psReader) skip(mark string) {
	i := strings.Index(p.text[p.at:], mark)
	if i < 0 {
		p.t.Fatalf("a comment or text is never ended by %q", mark)
	}
	p.at += i + len(mark)
}

func (p *psReader) single() {
	p.out.WriteString("''")
	for {
		p.skip("'")
		if p.at == len(p.text) || p.text[p.at] != '\'' {
			return
		}
		p.at++
	}
}

func (p *psReader) double() {
	p.out.WriteString(`"`)
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '`':
			p.at++
		case c == '"':
			p.at++
			p.out.WriteString(`"`)
			return
		case c == '$' && strings.HasPrefix(p.text[p.at+1:], "("):
			p.at += 2
			p.out.WriteString("$(")
			p.code(')')
			p.at--
		}
	}
	p.t.Fatal("a text is never ended")
}

func TestPSCode(t *testing.T) {
	for script, want := range map[string]string{
		`a 'b''c' d`:             `a '' d`,
		`a "b $(c "d") e" f`:     `a "$(c "")" f`,
		"a # b\nc":               "a \nc",
		"<# a\nb #>c":            "<c",
		"\"a`\"b\" c":            `"" c`,
		`@{ a = 'b' } | d { e }`: `@{ a = '' } | d { e }`,
	} {
		if got := psCode(t, script); got != want {
			t.Errorf("%q: %q, want %q", script, got, want)
		}
	}
}

// TestPowerShellIsHarmless holds that the script uses only commands and methods
// that read, and writes only in functions that call Assert-Inside first.
func TestPowerShellIsHarmless(t *testing.T) {
	script, _ := collect.Script("2012")
	code := psCode(t, script)
	commands := strings.Fields(`New-Object Join-Path Sort-Object Where-Object Select-Object Get-WinEvent Get-Date Get-Command
		Test-Path Write-Host Compress-Archive`)
	for _, m := range regexp.MustCompile(`(?m)^function ([\w-]+)`).FindAllStringSubmatch(code, -1) {
		commands = append(commands, m[1])
	}
	allowed(t, "command", code, `[^\w$-]([A-Z][a-z]+-[A-Z]\w+)`, commands)
	allowed(t, "method", code, `\]::(\w+)`, strings.Fields(`GetEncoding UTF8 Unicode BigEndianUnicode DirectorySeparatorChar Ordinal
		CreateDirectory WriteAllText Copy AppendAllText IndexOf Replace ReadAllBytes Exists ReparsePoint Open
		ExpandEnvironmentVariables GetDirectoryName GetValue`))
	allowed(t, "member", code, `[\w)"]\.([A-Z]\w*)\(`, strings.Fields(`Add AddDays Close ContainsKey GetDirectories GetFiles GetPreamble
		GetString GetUnresolvedProviderPathFromPSPath Load Read SelectNodes Split StartsWith ToLower ToUpper ToXml TrimEnd TrimStart Write`))
	allowed(t, "statement", code, `(?m)^\s*([a-z][\w.-]*)`, strings.Fields(`param if foreach while function return throw try break continue exit
		reg.exe secedit.exe`))
	allowed(t, "operator &", code, `[^>]&\s*(\S+)`, []string{"$Part", "$Program"})
	allowed(t, "program", script, `(?m)^[^#\r\n]*?\b(\w+\.exe .*?)(?: >\$null| \}|\r)`, []string{
		"reg.exe query $Key", "reg.exe export $Key $path",
		"secedit.exe /export /areas USER_RIGHTS /cfg $path /log (Join-Path $Root 'security\\secedit.log') /quiet",
		"icacls.exe $path /T /C", "icacls.exe $dlls /C",
		"netsh.exe advfirewall show allprofiles", "netsh.exe advfirewall firewall show rule name=all dir=in",
		"netsh.exe http show sslcert", "netsh.exe http show urlacl",
	})
	for _, f := range strings.Split(code, "\nfunction ") {
		name, _, _ := strings.Cut(f, "(")
		write := regexp.MustCompile(`::(WriteAllText|Copy|AppendAllText|Open)\(|reg\.exe export|secedit\.exe`).FindStringIndex(f)
		guard := strings.Index(f, "Assert-Inside $")
		if write != nil && (guard < 0 || guard > write[0]) {
			t.Errorf("%s writes before Assert-Inside", name)
		}
	}
	if n := strings.Count(code, "CreateDirectory("); n != 2 {
		t.Errorf("%d calls of CreateDirectory, want that of New-Folder and that of the folder itself", n)
	}
}

// allowed wants every match of the form among the words, and at least two of them.
func allowed(t *testing.T, what, code, form string, words []string) {
	t.Helper()
	found := regexp.MustCompile(form).FindAllStringSubmatch(code, -1)
	for _, m := range found {
		if !slices.Contains(words, m[1]) {
			t.Errorf("the %s %q", what, m[1])
		}
	}
	if len(found) < 2 {
		t.Errorf("%d times a %s: is the test reading the script?", len(found), what)
	}
}

// TestMaskingByPowerShell runs the masking functions where PowerShell is there.
func TestMaskingByPowerShell(t *testing.T) {
	program := interpreter(t, "pwsh")
	script, _ := collect.Script("2012")
	code := "$Withheld = '[withheld]'\r\n" + between(t, script, "function Hide-Values", "\r\n}") + "\r\n}\r\n" +
		between(t, script, "function Hide-Secrets", "\r\n}") + "\r\n}\r\n"
	var want []string
	for _, c := range maskCases {
		code += "Hide-Secrets '" + strings.ReplaceAll(c.text, "'", "''") + "'\r\n"
		want = append(want, c.want)
	}
	compareLines(t, runScript(t, program, "mask.ps1", code, "-NoProfile", "-NonInteractive", "-File"), want)
}

// TestPowerShellRuns runs the script, where PowerShell is there, on an invented
// Windows folder. On a system that is not Windows most parts fail; it must say so,
// and still write what it could, below its folder alone.
func TestPowerShellRuns(t *testing.T) {
	program := interpreter(t, "pwsh")
	dir := t.TempDir()
	config := filepath.Join(dir, "windows", "System32", "inetsrv", "config")
	if err := os.MkdirAll(config, 0o755); err != nil {
		t.Fatal(err)
	}
	const text = `<configuration><system.applicationHost><applicationPools><add name="Shop"><processModel userName="CONTOSO\web" password="[enc:AesProvider:AAAA:enc]" /></add></applicationPools></system.applicationHost></configuration>`
	if err := os.WriteFile(filepath.Join(config, "applicationHost.config"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	script, _ := collect.Script("2012")
	file := filepath.Join(dir, "collect-2012.ps1")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-NoProfile", "-NonInteractive", "-File", file, "-Folder", "out", "-Days", "0")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "windir="+filepath.Join(dir, "windows"))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "out", "config", "applicationHost.config"))
	if want := strings.Replace(text, "[enc:AesProvider:AAAA:enc]", "[withheld]", 1); err != nil || string(got) != want {
		t.Errorf("applicationHost.config: %v\n%s\n%s", err, got, out)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", "report.txt")); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 3 {
		t.Errorf("beside the script, windows and out there is more: %v", left)
	}
}

// interpreter gives the program that runs a script; without it the test is skipped,
// and what the other tests read of the script is all that holds it.
func interpreter(t *testing.T, name string) string {
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: no %s here, the script was read and not run", name)
	}
	return program
}

// runScript runs code and gives what it printed.
func runScript(t *testing.T, program, name, code string, args ...string) string {
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, append(args, file)...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out)
}

func compareLines(t *testing.T, out string, want []string) {
	got := strings.Split(strings.ReplaceAll(strings.TrimRight(out, "\r\n"), "\r\n", "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(got), len(want), out)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s\nwant %s", got[i], want[i])
		}
	}
}
