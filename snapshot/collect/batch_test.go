package collect_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/iisdoctor/iisdoctor/snapshot/collect"
)

// batchLines are the lines of the .cmd that cmd.exe runs, by their number.
func batchLines() map[int]string {
	script, _ := collect.Script("2003")
	lines := map[int]string{}
	for i, line := range strings.Split(script, "\r\n") {
		if line != "" && !strings.HasPrefix(line, ":::") && line != "rem" && !strings.HasPrefix(line, "rem ") {
			lines[i+1] = line
		}
	}
	return lines
}

func TestBatchLabels(t *testing.T) {
	labels, used := map[string]bool{}, map[string]bool{}
	jump := regexp.MustCompile(`\bgoto (\w+)|\bcall :(\w+)`)
	for n, line := range batchLines() {
		if name, ok := strings.CutPrefix(line, ":"); ok {
			if labels[name] {
				t.Errorf("line %d: the label %s a second time", n, name)
			}
			labels[name] = true
		}
		for _, m := range jump.FindAllStringSubmatch(line, -1) {
			used[m[1]+m[2]] = true
		}
		if strings.Count(line, `"`)%2 != 0 {
			t.Errorf("line %d: a quotation mark without its other: %s", n, line)
		}
	}
	for name := range used {
		if !labels[name] {
			t.Errorf("no label %s", name)
		}
	}
	for name := range labels {
		if !used[name] {
			t.Errorf("nothing goes to %s", name)
		}
	}
	if len(labels) < 10 {
		t.Errorf("%d labels: is the test reading the script?", len(labels))
	}
}

// harmless are the only commands that the .cmd may run, with what they may be
// told. Quoted words stand as "", %%R and the like as they are.
var harmless = []*regexp.Regexp{
	regexp.MustCompile(`^(@echo off|echo\b.*|echo\.|setlocal EnableExtensions DisableDelayedExpansion|exit /b [012])$`),
	regexp.MustCompile(`^set ""$`),
	regexp.MustCompile(`^mkdir ""$`),
	regexp.MustCompile(`^(goto \w+|call :\w+( (""|config|state|[a-z0-9_-]+))*)$`),
	regexp.MustCompile(`^findstr( /[brx]| /c:"")+( "")*$`),
	regexp.MustCompile(`^type ""$`),
	regexp.MustCompile(`^cscript //nologo "" "" %DAYS%$`),
	regexp.MustCompile(`^reg query (""( /ve)?|%1)$`),
	regexp.MustCompile(`^reg export %1 ""$`),
	regexp.MustCompile(`^secedit /export /areas USER_RIGHTS /cfg "" /log "" /quiet$`),
	regexp.MustCompile(`^net localgroup IIS_WPG$`), // with anything behind it would change the group
	regexp.MustCompile(`^cacls (""|%1 /T /C)$`),
	regexp.MustCompile(`^netsh firewall show %1$`),
}

var (
	quoted    = regexp.MustCompile(`"[^"]*"`)
	redirect  = regexp.MustCompile(`[0-9]?>>?\s*("[^"]*"|\S+)|2\^>nul`)
	condition = regexp.MustCompile(`^if (not )?(exist ""|defined \w+|errorlevel \d|""=="") `)
	loop      = regexp.MustCompile(`^for (/f "" )?%%[A-Z] in \((.*?)\) do `)
	insideOut = regexp.MustCompile(`^"(%OUT%\\[^"]*|%REPORT%)"$`)
)

// TestBatchIsHarmless holds that the .cmd runs nothing but harmless commands and
// writes nowhere but below its folder.
func TestBatchIsHarmless(t *testing.T) {
	seen := 0
	for n, line := range batchLines() {
		if strings.HasPrefix(line, ":") {
			continue
		}
		for _, m := range redirect.FindAllStringSubmatch(line, -1) {
			if to := m[1]; to != "" && to != "nul" && to != "&1" && !insideOut.MatchString(to) {
				t.Errorf("line %d writes to %s", n, to)
			}
		}
		for _, command := range commands(line) {
			seen++
			if !slices.ContainsFunc(harmless, func(h *regexp.Regexp) bool { return h.MatchString(command) }) {
				t.Errorf("line %d runs %q", n, command)
			}
		}
	}
	if seen < 80 {
		t.Errorf("%d commands: is the test reading the script?", seen)
	}
}

// commands splits a line into the commands that it may run, without conditions,
// loops and redirections.
func commands(line string) []string {
	line = redirect.ReplaceAllString(line, "")
	if m := loop.FindStringSubmatch(quoted.ReplaceAllString(line, `""`)); m != nil {
		_, body, _ := strings.Cut(line, ") do ")
		var all []string
		if source, ok := strings.CutPrefix(m[2], "'"); ok {
			all = commands(strings.TrimSuffix(source, "'"))
		}
		return append(all, commands(body)...)
	}
	line = strings.TrimSpace(quoted.ReplaceAllString(line, `""`))
	if strings.HasPrefix(line, "echo") && !strings.Contains(line, "|") {
		return []string{line}
	}
	if m := condition.FindString(line); m != "" {
		rest := line[len(m):]
		if yes, no, both := strings.Cut(rest, ") else "); both {
			return append(commands(strings.TrimPrefix(yes, "(")), commands(no)...)
		}
		return commands(rest)
	}
	var all []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == '|' || r == '&' }) {
		all = append(all, strings.TrimSpace(part))
	}
	return all
}

// TestCommands holds the test's own reading: what it must find, it finds.
func TestCommands(t *testing.T) {
	for line, want := range map[string][]string{
		`if exist "a b" (call :x "y") else del "z"`:                {`call :x ""`, `del ""`},
		`for /f "delims=" %%R in ('type "a"') do call :acl "%%R"`:  {`type ""`, `call :acl ""`},
		`for %%D in (a b) do rd "%OUT%\%%D"`:                       {`rd ""`},
		`echo %DAYS%| findstr /r /x "[0-9]" >nul & net stop w3svc`: {`echo %DAYS%`, `findstr /r /x ""`, `net stop w3svc`},
		`>>"%REPORT%" echo text`:                                   {`echo text`},
		`if not defined X if errorlevel 1 shutdown /r`:             {`shutdown /r`},
	} {
		if got := commands(line); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
