package checks

import (
	"slices"
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
