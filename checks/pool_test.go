package checks

import (
	"strings"
	"testing"
	"testing/fstest"
)

const httperrHead = "#Software: Microsoft HTTP API 1.0\r\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n"

// kernelLog is an HTTP error log; each row is "status site reason queue".
func kernelLog(rows ...string) fstest.MapFS {
	text := httperrHead
	for _, row := range rows {
		text += "2003-11-04 08:00:00 192.0.2.7 4010 10.0.0.1 80 HTTP/1.1 GET /a " + row + "\r\n"
	}
	return fstest.MapFS{"HTTPERR/httperr1.log": file1(text)}
}

// eventTable is an export of the event log; each row is "source|ID|text".
func eventTable(rows ...string) fstest.MapFS {
	text := `"Type","Event","Date Time","Source","ComputerName","Category","User","Description"` + "\r\n"
	for _, row := range rows {
		f := strings.SplitN(row, "|", 3)
		text += `"Warning","` + f[1] + `","2003-11-04 08:00:00","` + f[0] + `","WEB01","None","N/A","` + f[2] + `"` + "\r\n"
	}
	return fstest.MapFS{"events.csv": file1(text)}
}

// allSaid is what a report says of one check, information as well; each line begins
// with severity and certainty.
func allSaid(r Report, id string) string {
	var all []string
	for _, f := range r.Findings {
		if f.ID == id {
			all = append(all, string(f.Severity)+" "+string(f.Certainty)+" "+f.Message)
		}
	}
	return strings.Join(all, "\n")
}

// pool is a change that writes attributes into the only application pool.
func pool(attributes string) [2]string {
	const start = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"`
	return [2]string{start, start + " " + attributes}
}

// TestRapidFail: what is said of a pool's protection, by settings, HTTPERR and
// events. "" stands for no finding.
func TestRapidFail(t *testing.T) {
	const crash = "A process serving application pool 'DefaultAppPool' terminated unexpectedly. The process id was '1'. The process exit code was '0xc0000005'."
	for _, c := range []struct {
		name, pool string
		files      fstest.MapFS
		want       string
	}{
		{"as installed", ``, nil, ""},
		{"one crash", `RapidFailProtectionMaxCrashes="1"`, nil, "warning possible A single failure"},
		{"one crash, seen", `RapidFailProtectionMaxCrashes="1"`, kernelLog("503 1 AppOffline DefaultAppPool"), "error observed A single failure"},
		{"two crashes", `RapidFailProtectionMaxCrashes="2"`, nil, ""},
		{"off line", ``, kernelLog("503 1 AppOffline DefaultAppPool"), "error observed HTTPERR shows application pool DefaultAppPool off line; the limit is 5 failures of worker processes in 5 minutes"},
		{"off line, other case", ``, kernelLog("503 1 AppOffline defaultapppool"), "error observed HTTPERR shows application pool"},
		{"another pool", ``, kernelLog("503 1 AppOffline Other"), ""},
		{"another reason", ``, kernelLog("503 1 QueueFull DefaultAppPool"), ""},
		{"event 1002", ``, eventTable("W3SVC|1002|Application pool 'DefaultAppPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool."), "error observed Rapid-fail protection turned application pool DefaultAppPool off (event 1002); the limit is 5 failures"},
		{"event 1002 of a pool that is not there", ``, eventTable("W3SVC|1002|Application pool 'OldPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool."), "info observed Rapid-fail protection turned application pool OldPool off (event 1002), but this metabase has no such pool"},
		{"crashes alone", ``, eventTable("W3SVC|1009|" + crash), ""},
		{"protection off", `RapidFailProtection="FALSE"`, nil, "info proven Rapid-fail protection is off for application pool DefaultAppPool"},
		{"protection off, crashes", `RapidFailProtection="FALSE"`, eventTable("W3SVC|1009|" + crash), "warning observed Rapid-fail protection is off"},
		{"protection off, another's crashes", `RapidFailProtection="FALSE"`, kernelLog("- 1 Connection_Abandoned_By_AppPool Other"), "info proven Rapid-fail protection is off"},
		{"protection off, one crash", `RapidFailProtection="FALSE" RapidFailProtectionMaxCrashes="1"`, nil, "info proven Rapid-fail protection is off"},
		{"out of reach", `RapidFailProtectionMaxCrashes="301"`, nil, "info proven Rapid-fail protection cannot help application pool DefaultAppPool: no process fails 301 times in 5 minutes"},
		{"within reach", `RapidFailProtectionMaxCrashes="300"`, nil, ""},
		{"within reach of an hour", `RapidFailProtectionMaxCrashes="301" RapidFailProtectionInterval="60"`, nil, ""},
	} {
		got := allSaid(changedPool(t, c.files, c.pool), "rapid-fail")
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := allSaid(changed(t, nil, `RapidFailProtectionMaxCrashes="5"`, `RapidFailProtectionMaxCrashes="1"`, `IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`), "rapid-fail"); got != "" {
		t.Errorf("in IIS 5.0 isolation mode: %q", got)
	}
}

// changedPool scans the healthy server with attributes of its pool and files beside it.
func changedPool(t *testing.T, files fstest.MapFS, attributes string) Report {
	t.Helper()
	if attributes == "" {
		return changed(t, files)
	}
	change := pool(attributes)
	return changed(t, files, change[0], change[1])
}

// TestQueueFull: lengths out of range (ms524493: 10 to 65535), small ones, and queues
// that HTTPERR shows to have been full; edit is what the first remedy sets.
func TestQueueFull(t *testing.T) {
	full := kernelLog("503 1 QueueFull DefaultAppPool")
	for _, c := range []struct {
		name, pool string
		files      fstest.MapFS
		want, edit string
	}{
		{"as installed", ``, nil, "", ""},
		{"9", `AppPoolQueueLength="9"`, nil, "warning proven The queue length 9 of application pool DefaultAppPool is outside", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"9, full", `AppPoolQueueLength="9"`, full, "error observed The queue length 9", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"9, event 1041", `AppPoolQueueLength="9"`, eventTable("W3SVC|1041|The 'AppPool' 'DefaultAppPool' failed range validation for property 'AppPoolQueueLength'."), "warning observed The queue length 9", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"10", `AppPoolQueueLength="10"`, nil, "warning possible The queue of application pool DefaultAppPool takes only 10 requests", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"99", `AppPoolQueueLength="99"`, nil, "warning possible The queue", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"100", `AppPoolQueueLength="100"`, nil, "", ""},
		{"100, full", `AppPoolQueueLength="100"`, full, "error observed The queue of application pool DefaultAppPool was full: with more than 100 requests", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"1000, full", ``, full, "error observed The queue of application pool DefaultAppPool was full: with more than 1000", "/LM/W3SVC/AppPools/DefaultAppPool 4000"},
		{"4000, full", `AppPoolQueueLength="4000"`, full, "error observed The queue", "/LM/W3SVC/AppPools/DefaultAppPool 8000"},
		{"40000, full", `AppPoolQueueLength="40000"`, full, "error observed The queue", "/LM/W3SVC/AppPools/DefaultAppPool 65535"},
		{"65535, full", `AppPoolQueueLength="65535"`, full, "error observed The queue", ""},
		{"65536", `AppPoolQueueLength="65536"`, nil, "warning proven The queue length 65536", "/LM/W3SVC/AppPools/DefaultAppPool 1000"},
		{"another queue was full", ``, kernelLog("503 1 QueueFull Other"), "", ""},
		{"another reason", ``, kernelLog("503 1 ConnLimit DefaultAppPool"), "", ""},
	} {
		r := changedPool(t, c.files, c.pool)
		got := allSaid(r, "queue-full")
		if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		edit := ""
		for _, f := range r.Findings {
			if f.ID == "queue-full" && len(f.Remedies[0].Edits) > 0 {
				edit = f.Remedies[0].Edits[0].Target + " " + f.Remedies[0].Edits[0].Value
			}
		}
		if edit != c.edit {
			t.Errorf("%s: edit %q, want %q", c.name, edit, c.edit)
		}
	}
}

// TestOnePoolOfMany: a value that holds for several pools speaks of those alone that
// logs or events show.
func TestOnePoolOfMany(t *testing.T) {
	const at = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"`
	two := `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/Second"></IIsApplicationPool>` + "\n" + at
	for id, files := range map[string]fstest.MapFS{"queue-full": kernelLog("503 1 QueueFull Second"), "rapid-fail": kernelLog("503 1 AppOffline Second")} {
		for _, f := range changed(t, files, at, two).Findings {
			if f.ID == id && strings.Join(f.Affects, " ") != "Second" {
				t.Errorf("%s affects %v, want the second pool: %s", id, f.Affects, f.Message)
			}
		}
		if got := allSaid(changed(t, files, at, two), id); !strings.Contains(got, "pool Second") {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// TestOffLineCrashes: the failures that events show are told beside the limit, those of
// other pools are not.
func TestOffLineCrashes(t *testing.T) {
	crash := func(id, pool string) string {
		return "W3SVC|" + id + "|A process serving application pool '" + pool + "' terminated unexpectedly. The process id was '1'. The process exit code was '0x1'."
	}
	files := kernelLog("503 1 AppOffline DefaultAppPool")
	files["events.csv"] = eventTable(crash("1009", "DefaultAppPool"), crash("1011", "DefaultAppPool"), crash("1009", "DefaultAppPool"), crash("1013", "Other"))["events.csv"]
	got := allSaid(changed(t, files), "rapid-fail")
	if want := ". The event log has 3 failures (events 1009, 1011)"; !strings.HasSuffix(got, want) {
		t.Errorf("%q lacks %q", got, want)
	}
}

// TestPoolEdits: a remedy for one pool leaves the others as they are; one for all
// pools changes the value that they share.
func TestPoolEdits(t *testing.T) {
	const at = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"`
	two := `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/Second"></IIsApplicationPool>` + "\n" + at
	for _, c := range []struct {
		name, want string
		files      fstest.MapFS
		change     []string
	}{
		{"one of two", "/LM/W3SVC/AppPools/Second", kernelLog("503 1 QueueFull Second"), []string{at, two}},
		{"both", "/LM/W3SVC/AppPools", kernelLog("503 1 QueueFull Second", "503 1 QueueFull DefaultAppPool"), []string{at, two}},
		{"the only one", "/LM/W3SVC/AppPools/DefaultAppPool", kernelLog("503 1 QueueFull DefaultAppPool"), nil},
	} {
		var got []string
		for _, f := range changed(t, c.files, c.change...).Findings {
			if f.ID == "queue-full" {
				for _, e := range f.Remedies[0].Edits {
					got = append(got, e.Target)
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: edits at %v, want %s", c.name, got, c.want)
		}
	}
}
