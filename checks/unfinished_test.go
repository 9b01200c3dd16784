package checks

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// TestUnfinishedRequests: rows of HTTPERR for requests that a worker process gave up,
// one finding for each pool; failures in the event log make them an error.
func TestUnfinishedRequests(t *testing.T) {
	const gone = "- 1 Connection_Abandoned_By_AppPool "
	crash := func(pool string) fstest.MapFS {
		return eventTable("W3SVC|1009|A process serving application pool '" + pool + "' terminated unexpectedly. The process id was '1'. The process exit code was '0xc0000005'.")
	}
	for _, c := range []struct {
		name   string
		rows   []string
		events fstest.MapFS
		want   []string
	}{
		{"none", []string{"503 1 AppOffline DefaultAppPool", "- - Timer_ConnectionIdle -"}, nil, nil},
		{"one", []string{gone + "DefaultAppPool"}, nil, []string{"warning observed 1 request to application pool DefaultAppPool ended without"}},
		{"two, with a crash", []string{gone + "DefaultAppPool", gone + "defaultapppool"}, crash("DefaultAppPool"), []string{"error observed 2 requests to application pool DefaultAppPool"}},
		{"another pool's crash", []string{gone + "DefaultAppPool"}, crash("Other"), []string{"warning observed 1 request"}},
		{"two pools", []string{gone + "DefaultAppPool", gone + "Other"}, nil, []string{"warning observed 1 request to application pool DefaultAppPool", "warning observed 1 request to application pool Other"}},
		{"a crash alone", []string{"503 1 QueueFull DefaultAppPool"}, crash("DefaultAppPool"), nil},
	} {
		files := kernelLog(c.rows...)
		maps.Copy(files, c.events)
		var got []string
		if text := allSaid(changed(t, files), "unfinished-requests"); text != "" {
			got = strings.Split(text, "\n")
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: %q, want %q", c.name, got[i], c.want[i])
			}
		}
	}
}

// TestUnfinishedPlace: the finding stands at the first row of its pool and names the key
// of a pool that the metabase has.
func TestUnfinishedPlace(t *testing.T) {
	rows := kernelLog("503 1 QueueFull DefaultAppPool", "- 1 Connection_Abandoned_By_AppPool Other", "- 1 Connection_Abandoned_By_AppPool defaultapppool", "- 2 Connection_Abandoned_By_AppPool DefaultAppPool")
	var got []string
	for _, f := range changed(t, rows).Findings {
		if f.ID == "unfinished-requests" {
			got = append(got, strings.TrimSpace(f.Pos().String()+" "+string(f.Key)))
		}
	}
	want := "HTTPERR/httperr1.log:4:1|HTTPERR/httperr1.log:5:1 /LM/W3SVC/AppPools/DefaultAppPool"
	if strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
