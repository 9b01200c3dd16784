package iis

import "testing"

func TestReach(t *testing.T) {
	const certificate = ` SSLCertHash="2b9f60"`
	other := `<IIsWebServer Location ="/LM/W3SVC/2" ServerBindings=":80:"></IIsWebServer>`
	for _, c := range []struct {
		name        string
		site, root  string
		keys        string
		url, reason string
	}{
		{"by any name", `ServerBindings=":80:"`, "", "", "http://localhost/a", ""},
		{"a name before none", "ServerBindings=\":80:\n:80:www.contoso.com\"", "", "", "http://www.contoso.com/a", ""},
		{"the first of two names", "ServerBindings=\":80:b.contoso.com\n:80:a.contoso.com\"", "", "", "http://b.contoso.com/a", ""},
		{"an address and a port", `ServerBindings="192.0.2.7:8080:"`, "", "", "http://192.0.2.7:8080/a", ""},
		{"SSL is not required", `ServerBindings=":80:" SecureBindings=":443:"` + certificate, "", "", "http://localhost/a", ""},
		{"SSL is required", `ServerBindings=":80:www.contoso.com" SecureBindings=":443:"` + certificate, `AccessSSLFlags="AccessSSL"`, "", "https://localhost/a", ""},
		{"no certificate", `ServerBindings=":80:www.contoso.com" SecureBindings=":443:"`, `AccessSSLFlags="AccessSSL"`, "", "http://www.contoso.com/a", ""},
		{"no binding", `ServerBindings=""`, "", "", "", "site 1 has no binding that IIS can use"},
		{"the name that the other site has not", "ServerBindings=\":80:www.contoso.com\"", "", other, "http://www.contoso.com/a", ""},
	} {
		m := with(t, map[string]string{"SITE": c.site, "ROOT": c.root, "KEYS": c.keys}, nil)
		url, _, reason := m.Reach("/LM/W3SVC/1", "/LM/W3SVC/1/ROOT", "/a")
		if url != c.url || reason != c.reason {
			t.Errorf("%s: %q, %q; want %q, %q", c.name, url, reason, c.url, c.reason)
		}
	}
}
