package weblog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// shuffled has few values for each column, so that rows repeat what a memo holds,
// and values that look alike: the same bytes in other columns, 40 and 404, 1 and 10.
var shuffled = map[string][]string{
	"date":            {"2004-05-01", "2004-05-02"},
	"time":            {"00:00:01", "00:00:10", "10:00:01"},
	"s-sitename":      {"W3SVC1", "W3SVC11", "W3SVC4"},
	"s-ip":            {"192.0.2.1", "192.0.2.11"},
	"cs-method":       {"GET", "POST", "PROPFIND", "G"},
	"cs-uri-stem":     {"/a.asp", "/shop/item1.asp", "/shop/item11.asp", "/shop/item1.aspx", "/", "/shop/item1.htm"},
	"cs-uri-query":    {"-", "a=1", "|1|ASP_0131|Text", "|11|ASP_0131|Text"},
	"s-port":          {"80", "8080"},
	"c-ip":            {"192.0.2.1", "192.0.2.2"},
	"cs(User-Agent)":  {"-", "Probe/1.0", "GET"},
	"sc-status":       {"200", "404", "500", "403"},
	"sc-substatus":    {"0", "1", "14", "-"},
	"sc-win32-status": {"0", "64", "2148074254", "-"},
	"time-taken":      {"0", "64", "404"},
}

// TestMemosAgreeWithNaiveReader reads rows whose columns stand in any order.
func TestMemosAgreeWithNaiveReader(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(shuffled))
	var log strings.Builder
	for range 200 {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		layout := append([]string{"date", "time", "sc-status", "cs-method", "cs-uri-stem"}, names[:random.IntN(len(names))]...)
		layout = onceEach(layout, random)
		fmt.Fprintf(&log, "#Fields: %s\n", strings.Join(layout, " "))
		for range 60 {
			for i, name := range layout {
				if i > 0 {
					log.WriteByte(' ')
				}
				values := shuffled[name]
				log.WriteString(values[random.IntN(len(values))])
			}
			log.WriteByte('\n')
		}
	}
	checkNaively(t, "shuffled", []byte(log.String()))
}

// onceEach drops repeated names and shuffles what stays.
func onceEach(names []string, random *rand.Rand) []string {
	seen := map[string]bool{}
	var once []string
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			once = append(once, name)
		}
	}
	random.Shuffle(len(once), func(i, j int) { once[i], once[j] = once[j], once[i] })
	return once
}
