package checks

import (
	"testing"
	"testing/fstest"
)

// inPool is the end of the pool's key, where tests put their own in.
const inPool = "		AppPoolAutoStart=\"TRUE\"\n"

// evidenceFile adds a file of evidence to a layer.
func evidenceFile(files fstest.MapFS, name, text string) fstest.MapFS {
	files[name] = &fstest.MapFile{Data: []byte(text)}
	return files
}

const isolationOff, isolationOn = `IIs5IsolationModeEnabled="FALSE"`, `IIs5IsolationModeEnabled="TRUE"`

func TestIdentityLocalSystem(t *testing.T) {
	pool := func(kind string) string { return inPool + "		AppPoolIdentityType=\"" + kind + "\"\n" }
	const second = "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Second\"\n	>\n</IIsApplicationPool>\n<IIsFilters	Location =\"/LM/W3SVC/Filters\""
	const endOfPools = "<IIsFilters	Location =\"/LM/W3SVC/Filters\""
	wantRaised(t, "identity-localsystem", []near{
		{"as installed", layer(t, nil), "", ""},
		{"LocalSystem", layer(t, nil, inPool, pool("0")), "warning proven /LM/W3SVC/AppPools/DefaultAppPool: ", `application pool "DefaultAppPool" run`},
		{"Local Service", layer(t, nil, inPool, pool("1")), "", ""},
		{"no number", layer(t, nil, inPool, pool("LocalSystem")), "", ""},
		{"isolation mode", layer(t, nil, inPool, pool("0"), isolationOff, isolationOn), "", ""},
		{"for all pools", layer(t, nil, `AppPoolIdentityType="2"`, `AppPoolIdentityType="0"`, endOfPools, second), "warning proven ", `2 application pools, the first "DefaultAppPool",`},
		{"the pool says otherwise", layer(t, nil, `AppPoolIdentityType="2"`, `AppPoolIdentityType="0"`, inPool, pool("2")), "", ""},
		{"a pool that nothing uses", layer(t, nil, endOfPools, "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Second\"\n		AppPoolIdentityType=\"0\"\n	>\n</IIsApplicationPool>\n"+endOfPools), "warning proven ", "No application of this metabase uses it"},
		{"shared", layer(t, nil, inPool, pool("0"), belowRoot, key("IIsWebVirtualDir", "shop", `AppRoot="/LM/W3SVC/1/ROOT/shop"`, `Path="C:\shop"`)+belowRoot), "warning proven ", "2 applications share this"},
	})
}

func TestPoolIdentityIncomplete(t *testing.T) {
	pool := func(values string) string { return inPool + "		" + values + "\n" }
	wantRaised(t, "pool-identity-incomplete", []near{
		{"as installed", layer(t, nil), "", ""},
		{"nothing stored", layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`)), "error proven /LM/W3SVC/AppPools/DefaultAppPool: ", "neither name nor password is stored"},
		{"no password", layer(t, nil, inPool, pool(`AppPoolIdentityType="3" WAMUserName="CONTOSO\web"`)), "error proven ", "but no password is stored"},
		{"no name", layer(t, nil, inPool, pool(`AppPoolIdentityType="3" WAMUserName="" WAMUserPass="49634462aa"`)), "error proven ", "but no name is stored"},
		{"both", layer(t, nil, inPool, pool(`AppPoolIdentityType="3" WAMUserName="CONTOSO\web" WAMUserPass="49634462aa"`)), "", ""},
		{"both for all pools", layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`), `AppPoolIdentityType="2"`, `AppPoolIdentityType="2" WAMUserName="CONTOSO\web" WAMUserPass="49634462aa"`), "", ""},
		{"not needed", layer(t, nil, inPool, pool(`AppPoolIdentityType="2" WAMUserName="CONTOSO\web"`)), "", ""},
		{"isolation mode", layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`), isolationOff, isolationOn), "", ""},
	})
	// Off line for want of an account is not off line for its crashes.
	row := "#Software: Microsoft HTTP API 1.0\n#Version: 1.0\n#Date: 2005-03-01 00:00:00\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n" +
		"2005-03-01 10:00:00 192.0.2.1 4010 192.0.2.80 80 HTTP/1.1 GET / 503 1 AppOffline DefaultAppPool\n"
	files := evidenceFile(layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`)), "logs/HTTPERR/httperr1.log", row)
	wantRaised(t, "pool-identity-incomplete", []near{{"observed", files, "error observed ", ""}})
	wantRaised(t, "rapid-fail", []near{{"not rapid-fail", files, "", ""}})
}
