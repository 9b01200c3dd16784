package collect_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/collect"
)

// vbscript gives collect.vbs as the .cmd writes it: FOR /F drops the three colons
// and the blanks behind them.
func vbscript() string {
	script, _ := collect.Script("2003")
	var b strings.Builder
	for line := range strings.Lines(script) {
		if code, ok := strings.CutPrefix(line, ":::"); ok {
			b.WriteString(strings.TrimLeft(code, " "))
		}
	}
	return b.String()
}

// vbLine is a line without its texts and comment.
type vbLine struct{ code, texts string }

var vbText = regexp.MustCompile(`"(?:[^"]|"")*"`)

func vbLines(t *testing.T) []vbLine {
	var lines []vbLine
	for line := range strings.Lines(vbscript()) {
		line = strings.TrimSpace(line)
		// ECHO would print its own state for an empty line, and switch it for these words.
		if word := strings.ToLower(line); word == "" || word == "on" || word == "off" || word[0] == '/' {
			t.Errorf("ECHO cannot write the line %q", line)
		}
		texts := strings.Join(vbText.FindAllString(line, -1), " ")
		code := vbText.ReplaceAllString(line, `""`)
		code, _, _ = strings.Cut(code, "'")
		if strings.Count(code, `"`)%2 != 0 || strings.Count(code, "(") != strings.Count(code, ")") {
			t.Errorf("quotation marks or brackets do not match: %s", line)
		}
		lines = append(lines, vbLine{strings.TrimSpace(code), texts})
	}
	return lines
}

// TestVBScriptBlocks holds that every block is closed by its own end.
func TestVBScriptBlocks(t *testing.T) {
	begins := []struct {
		form *regexp.Regexp
		end  string
	}{
		{regexp.MustCompile(`^Sub \w+\(`), "End Sub"},
		{regexp.MustCompile(`^Function \w+\(`), "End Function"},
		{regexp.MustCompile(`^If .* Then$`), "End If"},
		{regexp.MustCompile(`^For `), "Next"},
	}
	var open []string
	for _, line := range vbLines(t) {
		for _, b := range begins {
			if b.form.MatchString(line.code) {
				open = append(open, b.end)
			}
		}
		if slices.Contains([]string{"End Sub", "End Function", "End If", "Next"}, line.code) {
			if len(open) == 0 || open[len(open)-1] != line.code {
				t.Fatalf("%s closes nothing; open are %q", line.code, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("never closed: %q", open)
	}
}

// TestVBScriptNames holds that every name that is set was declared: under On Error
// Resume Next a misspelt one would be passed over in silence.
func TestVBScriptNames(t *testing.T) {
	declare := regexp.MustCompile(`^(?:Dim|Const) (.*)`)
	procedure := regexp.MustCompile(`^(?:Sub|Function) (\w+)\((.*)\)`)
	set := regexp.MustCompile(`^(?:If .* Then )?(?:Set )?([A-Za-z]\w*) = |^For (?:Each )?(\w+) `)
	call := regexp.MustCompile(`^(?:If .* Then )?([A-Z]\w+)(?: |$)`)
	global, local, inside := map[string]bool{}, map[string]bool{}, false
	keywords := strings.Fields("Option On Dim Const Set If Else ElseIf End For Next Exit Sub Function")
	lines := vbLines(t)
	for _, line := range lines {
		if m := procedure.FindStringSubmatch(line.code); m != nil {
			global[m[1]] = true
		}
	}
	for _, line := range lines {
		if m := procedure.FindStringSubmatch(line.code); m != nil {
			local, inside = map[string]bool{m[1]: true}, true
			for _, name := range strings.Split(m[2], ",") {
				local[strings.TrimSpace(name)] = true
			}
			continue
		}
		if m := declare.FindStringSubmatch(line.code); m != nil {
			for _, name := range strings.Split(m[1], ",") {
				name, _, _ = strings.Cut(strings.TrimSpace(name), " ")
				if inside {
					local[name] = true
				} else {
					global[name] = true
				}
			}
		} else if m := set.FindStringSubmatch(line.code); m != nil && !local[m[1]+m[2]] && !global[m[1]+m[2]] {
			t.Errorf("%s is not declared: %s", m[1]+m[2], line.code)
		} else if m == nil {
			if m := call.FindStringSubmatch(line.code); m != nil && !global[m[1]] && !slices.Contains(keywords, m[1]) {
				t.Errorf("no procedure %s: %s", m[1], line.code)
			}
		}
	}
}

// TestVBScriptIsHarmless holds that the script uses only members that read, and
// that what it writes lies in its folder: outDir, or a path that was made of it
// (copy, into, path in the functions that are given one).
func TestVBScriptIsHarmless(t *testing.T) {
	members := strings.Fields(`Add Attributes Charset Close CompareMode CopyFile CreateFolder CreateTextFile DateLastModified
		Description Echo EventCode ExecQuery Execute Exists ExpandEnvironmentStrings FileExists Files FolderExists
		GetExtensionName GetFile GetFolder GetParentFolderName Global IgnoreCase Keys LoadFromFile Message Name Number Open
		OpenTextFile Path Pattern Quit ReadText RegRead Replace SaveToFile Size SourceName SubFolders SubMatches Test
		TimeGenerated Type Write WriteLine WriteText Arguments Clear`)
	member := regexp.MustCompile(`\.([A-Za-z]\w*)`)
	writes := regexp.MustCompile(`\.(?:CreateTextFile|OpenTextFile|SaveToFile|CreateFolder)[( ](\w+)|\.CopyFile [^,]*, (\w+)|(?:^| )WriteText (\w+)`)
	object := regexp.MustCompile(`(?:CreateObject|GetObject)\(""\)`)
	known := strings.Fields(`"Scripting.FileSystemObject" "WScript.Shell" "ADODB.Stream" "Scripting.Dictionary" "winmgmts:\\.\root\cimv2"`)
	for _, line := range vbLines(t) {
		for _, m := range member.FindAllStringSubmatch(line.code, -1) {
			if !slices.Contains(members, m[1]) {
				t.Errorf("uses %s: %s", m[1], line.code)
			}
		}
		if regexp.MustCompile(`\.(Attributes|Path|Name) = `).MatchString(line.code) {
			t.Errorf("sets a property of a file: %s", line.code)
		}
		for _, m := range writes.FindAllStringSubmatch(line.code, -1) {
			if to := m[1] + m[2] + m[3]; !slices.Contains([]string{"outDir", "copy", "into", "path"}, to) {
				t.Errorf("writes to %s: %s", to, line.code)
			}
		}
		if object.MatchString(line.code) && !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(line.texts, k) }) {
			t.Errorf("makes %s", line.texts)
		}
	}
}

// maskCases are what both scripts hide in content.
var maskCases = []struct{ text, want string }{
	{`c.Open "DSN=shop;UID=sa;PWD=s3cret;"`, `c.Open "DSN=shop;UID=sa;PWD=[withheld];"`},
	{`"Provider=x;Jet OLEDB:Database Password=s3cret"`, `"Provider=x;Jet OLEDB:Database Password=[withheld]"`},
	{`"x;pwd=" & pw & ";"`, `"x;pwd=" & pw & ";"`},
	{`dbPassword = "s3cret"`, `dbPassword = "[withheld]"`},
	{`dbPassword = ""`, `dbPassword = ""`},
	{`Session("pwd") = "s3cret"`, `Session("pwd") = "[withheld]"`},
	{`password = Request.Form("password")`, `password = Request.Form("password")`},
	{`If a = "b" Then pwd = Request("c")`, `If a = "b" Then pwd = Request("c")`},
	{`<identity userName="CONTOSO\web" password="s3cret" />`, `<identity userName="CONTOSO\web" password="[withheld]" />`},
	{`<identity userName="" password="" />`, `<identity userName="" password="" />`},
	{`<add key="MailPassword" value="s3cret" />`, `<add key="MailPassword" value="[withheld]" />`},
	{`<add key="PageSize" value="20" />`, `<add key="PageSize" value="20" />`},
	{`<machineKey validationKey="AB12" decryptionKey="CD34" />`, `<machineKey validationKey="[withheld]" decryptionKey="[withheld]" />`},
	{`location = "go.asp?user=a&password=s3cret&x=1"`, `location = "go.asp?user=a&password=[withheld]&x=1"`},
	{`<input type="password" name="pwd">`, `<input type="password" name="pwd">`},
	{`var o = {password: 's3cret'}`, `var o = {password: '[withheld]'}`},
}

// metabaseCases are what the script for 2003 hides in the metabase.
var metabaseCases = []struct{ text, want string }{
	{"\tUNCPassword=\"4963\"", "\tUNCPassword=\"[withheld]\""},
	{"\tUNCPassword=\"\"", "\tUNCPassword=\"\""},
	{"\tAdminACL=\"4963\"", "\tAdminACL=\"[withheld]\""},
	{"\tSessionKey = '4963'", "\tSessionKey = '[withheld]'"},
	{"\tPasswordChangeFlags=\"AuthChangeDisable\"", "\tPasswordChangeFlags=\"AuthChangeDisable\""},
	{"\tAnonymousPasswordSync=\"TRUE\"", "\tAnonymousPasswordSync=\"TRUE\""},
	{"\tAuthNotifyPwdExpURL=\"/a.asp\"", "\tAuthNotifyPwdExpURL=\"/a.asp\""},
	{"\tPassivePortRange=\"5001-5010\"", "\tPassivePortRange=\"5001-5010\""},
	{"\tLogOdbcDataSource=\"DSN=x;PWD=s3cret;y\"", "\tLogOdbcDataSource=\"DSN=x;PWD=[withheld];y\""},
	{`<Custom Name="x" ID="3003" Value="4963" Type="STRING"/>`, `<Custom Name="x" ID="3003" Value="[withheld]" Type="STRING"/>`},
	{`<Custom Name="MyPassword" ID="60100" Value="s3cret"/>`, `<Custom Name="MyPassword" ID="60100" Value="[withheld]"/>`},
	{`<Custom Name="x" ID="60101" Value="4963" Attributes="INHERIT | SECURE"/>`, `<Custom Name="x" ID="60101" Value="[withheld]" Attributes="INHERIT | SECURE"/>`},
	{`<Custom Name="x" ID="60102" Value="stays" Attributes="INHERIT"/>`, `<Custom Name="x" ID="60102" Value="stays" Attributes="INHERIT"/>`},
}

// TestMaskingByVBScript runs the masking functions where Windows Script Host is there.
func TestMaskingByVBScript(t *testing.T) {
	program := interpreter(t, "cscript")
	script := vbscript()
	code := "Option Explicit\r\nConst Withheld = \"[withheld]\"\r\n"
	for _, name := range []string{"Mask(", "MaskMetabase(", "MaskContent("} {
		code += between(t, script, "Function "+name, "End Function") + "End Function\r\n"
	}
	quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	var want []string
	for _, c := range maskCases {
		code += "WScript.Echo MaskContent(" + quote(c.text) + ")\r\n"
		want = append(want, c.want)
	}
	for _, c := range metabaseCases {
		code += "WScript.Echo MaskMetabase(" + quote(c.text) + ")\r\n"
		want = append(want, c.want)
	}
	compareLines(t, runScript(t, program, "mask.vbs", code, "//nologo"), want)
}

// TestVBScriptParses runs the script without an argument where Windows Script Host is
// there: it must get as far as missing it.
func TestVBScriptParses(t *testing.T) {
	program := interpreter(t, "cscript")
	out := runScript(t, program, "collect.vbs", vbscript(), "//nologo")
	if strings.Contains(out, "compilation") || strings.Contains(strings.ToLower(out), "syntax") {
		t.Error(out)
	}
	if _, err := os.Stat("report.txt"); err == nil {
		t.Error("it wrote a report into the working folder")
	}
}
