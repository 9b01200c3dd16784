package server

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// twoSites have host names alone, and a third takes any name at another port. A
// fourth has the bindings of the first and gets no request, a fifth is stopped.
const twoSites = `<IIsWebServer	Location ="/LM/W3SVC/2" ServerBindings=":80:shop.contoso.com
			:80:store.contoso.com" SecureBindings=":443:shop.contoso.com" SSLCertHash="0011"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/2/ROOT" Path="C:\shop" AccessSSLFlags="AccessSSL"></IIsWebVirtualDir>
<IIsWebServer	Location ="/LM/W3SVC/3" ServerBindings="10.0.0.3:8080:" LogExtFileFlags="4194303"></IIsWebServer>
<IIsWebVirtualDir	Location ="/LM/W3SVC/3/ROOT" Path="C:\third"></IIsWebVirtualDir>
<IIsWebServer	Location ="/LM/W3SVC/4" ServerBindings=":80:www.contoso.com"></IIsWebServer>
<IIsWebServer	Location ="/LM/W3SVC/5" ServerBindings=":81:" ServerAutoStart="FALSE"></IIsWebServer>
`

// mappedServer is started with a port for every site; urls are those to open.
func mappedServer(t *testing.T, o Options) (srv *Server, urls map[string]string) {
	t.Helper()
	o.MapPorts = true
	links := `<a href="http://www.contoso.com/a">1</a> <A HREF='HTTP://WWW.Contoso.com:80'>2</A> http://www.contoso.com. ` +
		`https://shop.contoso.com/b http://store.contoso.com:80/ http://store.contoso.com:81/ http://10.0.0.3:8080/c ` +
		`http://www.fabrikam.com/ xhttp://www.contoso.com/ http://`
	srv = start(t, snapshotOf(t, evidence{keys: twoSites, content: map[string][]byte{
		"C/site/links.htm": []byte(links), "C/site/links.txt": []byte(links), "C/site/sub/index.htm": []byte("sub"),
		"C/site/name.asp": []byte(`<%= Request.ServerVariables("SERVER_NAME") %>|<%= Request.ServerVariables("HTTP_HOST") %>|<%= Request.ServerVariables("HTTP_REFERER") %>`),
		"C/site/go.asp":   []byte(`<% Response.Redirect "http://" & Request.ServerVariables("SERVER_NAME") & "/hello.txt" %>`),
		"C/site/shop.asp": []byte(`<% Response.Redirect "https://shop.contoso.com/a.htm" %>`),
		"C/site/away.asp": []byte(`<% Response.Redirect "http://www.fabrikam.com/" %>`),
		"C/site/flow.asp": []byte(`<% Response.Flush %><a href="http://www.contoso.com/a"><% Response.Flush %>x`),
		"C/shop/a.htm":    []byte("<p>shop</p>"), "C/third/a.htm": []byte("<p>third</p>"),
	}}), o)
	urls = map[string]string{}
	for _, e := range srv.Endpoints() {
		scheme := schemeOf(e.Secure)
		if e.Entry {
			urls[e.Site.Name()] = scheme + "://" + e.Addr
		}
		urls[e.Site.Name()+" "+scheme] = scheme + "://" + e.Addr
	}
	return srv, urls
}

// browse asks as a browser that knows nothing but the URL.
func browse(t *testing.T, srv *Server, url string, fields ...string) (*http.Response, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: srv.RootCAs()}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		name, v, _ := strings.Cut(f, ": ")
		request.Header.Set(name, v)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(url, err)
	}
	return answer, string(b)
}

// TestMapPorts: every started site that gets requests has a URL that opens as it is;
// one that requires SSL an https one.
func TestMapPorts(t *testing.T) {
	srv, urls := mappedServer(t, Options{})
	if len(urls) != 7 { // three to open, and four by scheme
		t.Errorf("%v", urls)
	}
	for _, row := range []struct{ url, want string }{
		{urls["1"] + "/hello.txt", "hello"},
		{urls["2"] + "/a.htm", "<p>shop</p>"},
		{urls["3"] + "/a.htm", "<p>third</p>"},
	} {
		if answer, body := browse(t, srv, row.url); answer.StatusCode != 200 || body != row.want {
			t.Errorf("%s: %s %q", row.url, answer.Status, body)
		}
	}
	if !strings.HasPrefix(urls["2"], "https://") || !strings.HasPrefix(urls["1"], "http://") {
		t.Errorf("%v", urls)
	}
	if answer, _ := browse(t, srv, urls["2 http"]+"/a.htm"); answer.StatusCode != 403 {
		t.Errorf("plain to a site that requires SSL: %s", answer.Status)
	}
}

// TestMappedNames: the site and its log know the site's own name, not the port.
func TestMappedNames(t *testing.T) {
	srv, urls := mappedServer(t, Options{})
	_, body := browse(t, srv, urls["1"]+"/name.asp", "Referer: "+urls["1"]+"/a?b")
	if want := "www.contoso.com|www.contoso.com|" + urls["1"] + "/a?b"; body != want {
		t.Errorf("%q, want %q", body, want) // the page shows http://www.contoso.com/a?b, which is then a link
	}
	browse(t, srv, urls["3"]+"/a.htm")
	for _, r := range srv.Records() {
		if r.Kind == W3C && r.Site == "3" {
			if !strings.Contains(r.Line, " 10.0.0.3 GET /a.htm - 8080 ") || !strings.Contains(r.Line, " 10.0.0.3:8080 ") {
				t.Errorf("log %q", r.Line)
			}
			return
		}
	}
	t.Error("site 3 has no line")
}

// TestMappedLinks: redirects and links that name a site lead to its port; other
// addresses, and texts that are not HTML, stay.
func TestMappedLinks(t *testing.T) {
	srv, urls := mappedServer(t, Options{})
	for _, row := range []struct{ path, want string }{
		{"/sub", urls["1"] + "/sub/"},
		{"/go.asp", urls["1"] + "/hello.txt"},
		{"/shop.asp", urls["2 https"] + "/a.htm"},
		{"/away.asp", "http://www.fabrikam.com/"},
	} {
		if answer, _ := browse(t, srv, urls["1"]+row.path); answer.Header.Get("Location") != row.want {
			t.Errorf("%s leads to %q, want %q", row.path, answer.Header.Get("Location"), row.want)
		}
	}
	want := `<a href="` + urls["1"] + `/a">1</a> <A HREF='` + urls["1"] + `'>2</A> ` + urls["1"] + `. ` +
		urls["2 https"] + `/b ` + urls["2 http"] + `/ http://store.contoso.com:81/ ` + urls["3"] + `/c ` +
		`http://www.fabrikam.com/ xhttp://www.contoso.com/ http://`
	if answer, body := browse(t, srv, urls["1"]+"/links.htm"); body != want || answer.ContentLength != int64(len(want)) {
		t.Errorf("links\n%q\nwant\n%q", body, want)
	}
	if _, body := browse(t, srv, urls["1"]+"/links.txt"); !strings.HasPrefix(body, `<a href="http://www.contoso.com/a">`) {
		t.Errorf("plain text: %q", body)
	}
	if answer, body := browse(t, srv, urls["1"]+"/links.htm", "Range: bytes=0-8"); answer.StatusCode != 206 || body != `<a href="` {
		t.Errorf("a part: %s %q", answer.Status, body)
	}
	if _, body := browse(t, srv, urls["1"]+"/flow.asp"); body != `<a href="`+urls["1"]+`/a">x` {
		t.Errorf("chunks: %q", body)
	}
}

// TestMappedHead: a HEAD tells the length that a GET has.
func TestMappedHead(t *testing.T) {
	srv, urls := mappedServer(t, Options{})
	addr := strings.TrimPrefix(urls["1"], "http://")
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "HEAD /links.htm HTTP/1.1\r\nHost: "+addr+"\r\nConnection: close\r\n\r\n")
	b, _ := io.ReadAll(c)
	answer, _ := browse(t, srv, urls["1"]+"/links.htm")
	if got := fieldIn(b, "Content-Length"); got != answer.Header.Get("Content-Length") || !strings.HasSuffix(string(b), "\r\n\r\n") {
		t.Errorf("%q, want length %s and no body", b, answer.Header.Get("Content-Length"))
	}
}

// TestNotMapped: without the option an answer is what the site says, and a request
// for a port's own address meets no site with a host name.
func TestNotMapped(t *testing.T) {
	srv := start(t, snapshotOf(t, evidence{content: map[string][]byte{"C/site/a.htm": []byte("http://www.contoso.com/")}}), Options{})
	if _, _, body := parts(get(t, srv, "/a.htm")); body != "http://www.contoso.com/" {
		t.Errorf("%q", body)
	}
}
