package checks

import (
	"slices"
	"strings"
	"testing"
)

// rootPool is the assignment of the site's ROOT in the healthy server.
const rootPool = "AppIsolated=\"2\"\n\t\tAppPoolId=\"DefaultAppPool\""

func TestPoolMissing(t *testing.T) {
	const pools = "<IIsApplicationPools	Location =\"/LM/W3SVC/AppPools\""
	typo := "error proven DefualtAppPool; set /LM/W3SVC/1/ROOT AppPoolId DefaultAppPool"
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"misspelt", []string{rootPool, `AppPoolId="DefualtAppPool"`}, []string{typo}},
		{"another case", []string{rootPool, `AppPoolId="DEFAULTAPPPOOL"`}, nil},
		{"nowhere near", []string{rootPool, `AppPoolId="Shop"`}, []string{"error proven Shop; set /LM/W3SVC/AppPools/Shop KeyType IIsApplicationPool"}},
		{"set above, overridden at ROOT", []string{"AppPoolId=\"DefaultAppPool\"\n\t\tServerAutoStart", "AppPoolId=\"Shop\"\n\t\tServerAutoStart"}, nil},
		{"of a stopped site", []string{rootPool, `AppPoolId="Shop"`, `ServerAutoStart="TRUE"`, `ServerAutoStart="FALSE"`}, nil},
		{"in IIS 5.0 isolation mode", []string{rootPool, `AppPoolId="Shop"`, `IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`}, nil},
		{"a fragment without pools", []string{rootPool, `AppPoolId="Shop"`, pools, "<IIsConfigObject Location=\"/LM/a\"", "</IIsApplicationPools>", "</IIsConfigObject>",
			"<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/DefaultAppPool\"", "<IIsConfigObject Location=\"/LM/b\"", "</IIsApplicationPool>", "</IIsConfigObject>"}, nil},
	} {
		if got := listed(changed(t, nil, c.replace...), "pool-missing"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestPoolStopped(t *testing.T) {
	const started = `AppPoolAutoStart="TRUE"`
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"stopped", []string{started, `AppPoolAutoStart="0"`}, []string{"error proven 0; set /LM/W3SVC/AppPools/DefaultAppPool AppPoolAutoStart TRUE"}},
		{"at the key of all pools, where it is not inherited", []string{`AppPoolIdentityType="2"`, `AppPoolIdentityType="2" AppPoolAutoStart="FALSE"`}, nil},
		{"a pool that nobody uses", []string{started, started + `></IIsApplicationPool><IIsApplicationPool Location="/LM/W3SVC/AppPools/Old" AppPoolAutoStart="FALSE"`}, nil},
		{"in IIS 5.0 isolation mode", []string{started, `AppPoolAutoStart="FALSE"`, `IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`}, nil},
	} {
		if got := listed(changed(t, nil, c.replace...), "pool-stopped"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestPoolIgnored(t *testing.T) {
	old := []string{`IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`}
	shop := `<IIsWebVirtualDir Location="/LM/W3SVC/1/ROOT/shop" Path="C:\shop" AppPoolId="ShopPool"/></MBProperty>`
	for _, c := range []struct {
		name    string
		replace []string
		want    []string
	}{
		{"two pools", append(old, endKeys, shop), []string{"warning proven TRUE; set /LM/W3SVC IIs5IsolationModeEnabled FALSE"}},
		{"one pool, as after an upgrade", old, nil},
		{"two pools in worker process isolation mode", []string{endKeys, shop}, nil},
		{"mode not known", []string{`IIs5IsolationModeEnabled="FALSE"`, "", endKeys, shop}, nil},
	} {
		if got := listed(changed(t, nil, c.replace...), "pool-ignored"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// TestPoolRows: which rows of HTTPERR show a pool that is missing (503 N/A of a site that
// names it) or stopped (503 Disabled of its queue).
func TestPoolRows(t *testing.T) {
	missing := []string{rootPool, `AppPoolId="Shop"`}
	stopped := []string{`AppPoolAutoStart="TRUE"`, `AppPoolAutoStart="FALSE"`}
	for _, c := range []struct {
		id      string
		replace []string
		row     string
		seen    bool
	}{
		{"pool-missing", missing, "503 1 N/A -", true},
		{"pool-missing", missing, "503 2 N/A -", false},
		{"pool-missing", missing, "503 1 QueueFull -", false},
		{"pool-missing", missing, "400 1 N/A -", false},
		{"pool-stopped", stopped, "503 1 Disabled DefaultAppPool", true},
		{"pool-stopped", stopped, "503 1 Disabled defaultapppool", true},
		{"pool-stopped", stopped, "503 1 Disabled Other", false},
		{"pool-stopped", stopped, "503 1 AppOffline DefaultAppPool", false},
	} {
		want := "error proven "
		if c.seen {
			want = "error observed "
		}
		if got := allSaid(changed(t, kernelLog(c.row), c.replace...), c.id); !strings.HasPrefix(got, want) {
			t.Errorf("%s, %s: %q, want %q", c.id, c.row, got, want)
		}
	}
}

// TestOtherPool: where no pool has a similar name the second remedy is DefaultAppPool,
// whatever pools come before it, and the first pool where there is none of that name.
func TestOtherPool(t *testing.T) {
	const start, early = `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/DefaultAppPool"`, `<IIsApplicationPool	Location ="/LM/W3SVC/AppPools/Accounts"></IIsApplicationPool>`
	for _, c := range []struct{ pools, want string }{
		{early + "\n" + start, "DefaultAppPool"},
		{early + "\n" + strings.Replace(start, "DefaultAppPool", "Web", 1), "Accounts"},
	} {
		f := onlyOne(t, changed(t, nil, "AppPoolId=\"DefaultAppPool\"\n\t\tServerAutoStart", "ServerAutoStart", rootPool, `AppPoolId="Fabrikam Shop"`, start, c.pools), "pool-missing")
		if got := editsOf(f.Remedies[1]); !slices.Equal(got, []string{"set /LM/W3SVC/1/ROOT AppPoolId " + c.want}) {
			t.Errorf("%q, want %s", got, c.want)
		}
	}
}
