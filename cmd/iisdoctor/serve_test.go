package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestServe starts the server as a user does, opens what it prints, and ends it.
func TestServe(t *testing.T) {
	cmd := exec.Command("iisdoctor", "serve", "testdata/server")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	defer timer.Stop()
	defer cmd.Process.Kill() // where an expectation ends the test early
	lines := bufio.NewScanner(out)

	expectLine(t, lines, `^/LM/W3SVC/1$`)
	named := expectLine(t, lines, `^  curl -H 'Host: www\.contoso\.com' (http://127\.0\.0\.1:\d+/)  for :80:www\.contoso\.com$`)
	plain := expectLine(t, lines, `^  (http://127\.0\.0\.1:\d+/)  for :8080:$`)
	expectLine(t, lines, `^For a browser, write the line "127\.0\.0\.1 www\.contoso\.com" into the hosts file and open$`)
	browser := expectLine(t, lines, `^  http://(www\.contoso\.com:\d+)/$`)

	expectAnswer(t, plain, "", 200, "<h1>Contoso</h1>")
	expectLine(t, lines, `^GET http://127\.0\.0\.1:8080/  200  answer$`)
	expectAnswer(t, named+"data.json", "www.contoso.com", 404, "cannot find the file")
	expectLine(t, lines, `^GET http://www\.contoso\.com/data\.json  404\.3  MIME type  MetaBase\.xml:\d+:\d+$`)
	expectAnswer(t, named, browser, 200, "<h1>Contoso</h1>") // a browser sends the port along
	expectLine(t, lines, `^GET http://www\.contoso\.com/  200  answer$`)
	expectAnswer(t, named, "", 400, "Invalid Hostname")
	expectLine(t, lines, `^GET http://127\.0\.0\.1/  400  binding  MetaBase\.xml:\d+:\d+$`)

	if runtime.GOOS == "windows" { // no process can send Ctrl-C to another there
		cmd.Process.Kill()
		return
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if got := stderr.String(); got != "Ctrl-C ends it.\n4 requests answered.\n" {
		t.Errorf("standard error: %q", got)
	}
}

// TestServeMapped: the URL of a site opens as it is, whatever its host name; at the
// end the log's folder and the comparison with the log of beginnings are told.
func TestServeMapped(t *testing.T) {
	logs := t.TempDir()
	cmd := exec.Command("iisdoctor", "serve", "--map-ports", "--status-header", "--begin-log", "--logs", logs, "testdata/server")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	defer timer.Stop()
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(out)

	expectLine(t, lines, `^/LM/W3SVC/1$`)
	url := expectLine(t, lines, `^  (http://127\.0\.0\.1:\d+/)  for :80:www\.contoso\.com, :8080:$`)
	expectAnswer(t, url, "", 200, "<h1>Contoso</h1>")
	expectLine(t, lines, `^GET http://www\.contoso\.com/  200  answer$`)
	answer, err := http.Get(url + "data.json")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got := answer.Header.Get("X-IIS-Status"); got != "404.3 MIME type" {
		t.Errorf("X-IIS-Status %q", got)
	}
	expectLine(t, lines, `^GET http://www\.contoso\.com/data\.json  404\.3  MIME type  MetaBase\.xml:\d+:\d+$`)

	if runtime.GOOS == "windows" { // no process can send Ctrl-C to another there
		cmd.Process.Kill()
		return
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	expectLine(t, lines, `^Every request that began has its line in the log\.$`)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	want := regexp.MustCompile(`^Ctrl-C ends it\.\n2 requests answered\.\nLogs: (\S+W3SVC1\Sex\d{6}\.log), (\S+begin1\.txt)\n$`)
	m := want.FindStringSubmatch(stderr.String())
	if m == nil {
		t.Fatalf("standard error: %q", &stderr)
	}
	for _, name := range m[1:] {
		if text, err := os.ReadFile(name); err != nil || strings.Count(string(text), "GET /data.json") != 1 {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// expectLine reads the next line and gives what its group matched.
func expectLine(t *testing.T, lines *bufio.Scanner, pattern string) string {
	t.Helper()
	if !lines.Scan() {
		t.Fatalf("the output ended, want %s", pattern)
	}
	m := regexp.MustCompile(pattern).FindStringSubmatch(lines.Text())
	if m == nil {
		t.Fatalf("%q, want %s", lines.Text(), pattern)
	}
	return m[len(m)-1]
}

func expectAnswer(t *testing.T, url, host string, status int, text string) {
	t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status || !strings.Contains(string(body), text) {
		t.Errorf("%s as %q: %d %q, %v", url, host, answer.StatusCode, body, err)
	}
}

// TestServeEverywhere wants it said loudly when others can reach the server.
func TestServeEverywhere(t *testing.T) {
	cmd := exec.Command("iisdoctor", "serve", "--listen", "0.0.0.0", "testdata/server")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	talk := untilInterrupt(stderr, cmd)
	cmd.Wait()
	if !strings.HasPrefix(talk, "WARNING: listening on 0.0.0.0.") {
		t.Error(talk)
	}
}
