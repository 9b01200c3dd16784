package checks

import (
	"maps"
	"strings"
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
		{"for a directory that is not virtual", layer(t, nil, belowRoot, key("IIsWebDirectory", "t", `AppRoot="/LM/W3SVC/1/ROOT/t" AppPoolId="Own"`)+
			"<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Own\" AppPoolIdentityType=\"3\"></IIsApplicationPool>\n"+belowRoot),
			"error proven /LM/W3SVC/AppPools/Own: ", "every request to the pool is answered 503"},
		{"not needed", layer(t, nil, inPool, pool(`AppPoolIdentityType="2" WAMUserName="CONTOSO\web"`)), "", ""},
		{"isolation mode", layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`), isolationOff, isolationOn), "", ""},
	})
	group := func(members string, files fstest.MapFS) fstest.MapFS {
		return evidenceFile(files, "iis_wpg.txt", "Alias name     IIS_WPG\r\nComment        \r\n\r\nMembers\r\n\r\n"+strings.Repeat("-", 79)+"\r\n"+members+"The command completed successfully.\r\n\r\n")
	}
	const asSetup = "IWAM_WEB01\r\nNT AUTHORITY\\NETWORK SERVICE\r\nNT AUTHORITY\\SYSTEM\r\n"
	const web = `AppPoolIdentityType="3" WAMUserName="CONTOSO\web" WAMUserPass="49634462aa"`
	const endOfPools = "<IIsFilters	Location =\"/LM/W3SVC/Filters\""
	second := func(user string) string {
		return "<IIsApplicationPool	Location =\"/LM/W3SVC/AppPools/Second\"\n		AppPoolIdentityType=\"3\" WAMUserName=\"" + user + "\" WAMUserPass=\"49634462aa\"\n	>\n</IIsApplicationPool>\n" + endOfPools
	}
	const key = "/LM/W3SVC/AppPools/DefaultAppPool: "
	wantRaised(t, "pool-identity-incomplete", []near{
		{"outside the group", group(asSetup, layer(t, nil, inPool, pool(web))), "error proven " + key, `application pool "DefaultAppPool" are to run as CONTOSO\web, which is not in the group IIS_WPG (listed at iis_wpg.txt:1)`},
		{"in the group, in another case", group(asSetup+"contoso\\WEB\r\n", layer(t, nil, inPool, pool(web))), "", ""},
		{"perhaps by a group of the domain", group(asSetup+"CONTOSO\\Web Pools\r\n", layer(t, nil, inPool, pool(web))), "", ""},
		{"a list that is cut off", evidenceFile(layer(t, nil, inPool, pool(web)), "iis_wpg.txt", "Alias name     IIS_WPG\n"+strings.Repeat("-", 79)+"\nIWAM_WEB01\n"), "", ""},
		{"Network Service, with a name left over", group("IWAM_WEB01\r\n", layer(t, nil, inPool, pool(strings.Replace(web, `"3"`, `"2"`, 1)))), "", ""},
		{"Network Service as a specific user", group("IWAM_WEB01\r\n", layer(t, nil, inPool, pool(strings.Replace(web, `CONTOSO\web`, `NT AUTHORITY\NetworkService`, 1)))), "", ""},
		{"no password, outside the group: one finding", group(asSetup, layer(t, nil, inPool, pool(`AppPoolIdentityType="3" WAMUserName="CONTOSO\web"`))), "error proven " + key, "but no password is stored"},
		{"one of two pools", group(asSetup+"CONTOSO\\web\r\n", layer(t, nil, inPool, pool(web), endOfPools, second(`CONTOSO\shop`))), "warning proven ", `"Second" are to run as CONTOSO\shop`},
		{"stored for all pools", group(asSetup, layer(t, nil, `AppPoolIdentityType="2"`, web, endOfPools, strings.Replace(second(""), ` WAMUserName=""`, "", 1))), "error proven " + key, `2 application pools, the first "DefaultAppPool", are to run as`},
		{"isolation mode", group(asSetup, layer(t, nil, inPool, pool(web), isolationOff, isolationOn)), "", ""},
	})
	// Off line for want of an account is not off line for its crashes.
	row := "#Software: Microsoft HTTP API 1.0\n#Version: 1.0\n#Date: 2005-03-01 00:00:00\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\n" +
		"2005-03-01 10:00:00 192.0.2.1 4010 192.0.2.80 80 HTTP/1.1 GET / 503 1 AppOffline DefaultAppPool\n"
	files := evidenceFile(layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`)), "logs/HTTPERR/httperr1.log", row)
	wantRaised(t, "pool-identity-incomplete", []near{{"observed", files, "error observed ", ""}})
	wantRaised(t, "rapid-fail", []near{{"not rapid-fail", files, "", ""}})
	files = evidenceFile(group(asSetup, layer(t, nil, inPool, pool(web))), "logs/HTTPERR/httperr1.log", row)
	wantRaised(t, "pool-identity-incomplete", []near{{"outside the group, observed", files, "error observed ", ""}})
	wantRaised(t, "rapid-fail", []near{{"outside the group, not rapid-fail", files, "", ""}})
	// The events that name the pool (cc786887), and near misses.
	for _, c := range []struct {
		event string
		seen  bool
	}{
		{"W3SVC|1057|The identity of application pool 'defaultapppool' is invalid, so the World Wide Web Publishing Service can not create a worker process", true},
		{"W3SVC|1021|The identity of application pool, 'DefaultAppPool' is invalid. If it remains invalid", true},
		{"W3SVC|1059|A failure was encountered while launching the process serving application pool 'DefaultAppPool'. The application pool has been disabled.", true},
		{"W3SVC|1057|The identity of application pool 'Second' is invalid, so the World Wide Web Publishing Service can not create a worker process", false},
		{"W3SVC|1009|A process serving application pool 'DefaultAppPool' terminated unexpectedly.", false},
		{"W3SVC-WP|1057|The identity of application pool 'DefaultAppPool' is invalid, so the World Wide Web Publishing Service can not create a worker process", false},
	} {
		files := layer(t, nil, inPool, pool(`AppPoolIdentityType="3"`))
		maps.Copy(files, eventTable(c.event))
		want := "error proven "
		if c.seen {
			want = "error observed "
		}
		wantRaised(t, "pool-identity-incomplete", []near{{c.event, files, want, ""}})
	}
}
