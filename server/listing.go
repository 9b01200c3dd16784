package server

import (
	"fmt"
	"strings"
)

// maxRows bounds a directory listing.
const maxRows = 10000

// listing answers with the names of a folder.
func (x *exchange) listing() *response {
	t := &x.out.Target
	url := t.URL
	if !strings.HasSuffix(url, "/") {
		url += "/"
	}
	var rows []string
	for _, e := range x.snapshot.Content.List(t.Physical) {
		if len(rows) == maxRows {
			break
		}
		name, size := e.Path.Base(), fmt.Sprintf("%12d", e.Size)
		href := escapePath(url + name)
		if e.Dir {
			size, href = fmt.Sprintf("%12s", "&lt;dir&gt;"), href+"/"
		}
		rows = append(rows, x.started.UTC().Format("Monday, January 02, 2006 3:04 PM")+" "+size+` <A HREF="`+escape(href)+`">`+escape(name)+"</A><br>")
	}
	return x.html("200", listingPage(x.head.hostName(), url, rows))
}
