package server

import (
	"strconv"
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// Templates. IIS 6.0 keeps its pages in %windir%\help\iisHelp\common; those files
// are not part of this project. Titles, sentences and error names are the
// documented or captured ones; the frame around them is this server's own, so the
// lengths differ. What is marked "own words" was seen nowhere.

// installed is what the page of one status says.
type installed struct{ title, sentence, name string }

const (
	titleNotFound = "The page cannot be found"
	titleDisplay  = "The page cannot be displayed"
	titleNoRight  = "You are not authorized to view this page"

	sentenceGone    = "The page you are looking for might have been removed, had its name changed, or is temporarily unavailable."
	sentenceNoRight = "You do not have permission to view this directory or page using the credentials that you supplied." // own words
	sentenceProblem = "There is a problem with the page you are trying to reach and it cannot be displayed."               // own words
)

// installedPages by status, then by code. Names: 404b.htm, 401-1.htm, 401-2.htm,
// 401-3.htm, 403-1.htm, 405.htm as captured; other 403-n.htm from cc737788.
var installedPages = map[iis.Status]installed{
	"404":    {titleNotFound, sentenceGone, "HTTP Error 404 - File or directory not found."},
	"401.1":  {titleNoRight, sentenceNoRight, "HTTP Error 401.1 - Unauthorized: Access is denied due to invalid credentials."},
	"401.2":  {titleNoRight, "Your Web browser is sending a WWW-Authenticate header field that the Web server is not configured to accept.", "HTTP Error 401.2 - Unauthorized: Access is denied due to server configuration."},
	"401.3":  {titleNoRight, sentenceNoRight, "HTTP Error 401.3 - Unauthorized: Access is denied due to an ACL set on the requested resource."},
	"403.1":  {titleDisplay, "You have attempted to execute a CGI, ISAPI, or other executable program from a directory that does not allow programs to be executed.", "HTTP Error 403.1 - Forbidden: Execute access is denied."},
	"403.2":  {titleDisplay, sentenceProblem, "HTTP Error 403.2 - Forbidden: Read access is denied."},
	"403.3":  {titleDisplay, sentenceProblem, "HTTP Error 403.3 - Forbidden: Write access is denied."},
	"403.4":  {titleDisplay, sentenceProblem, "HTTP Error 403.4 - Forbidden: SSL is required to view this resource."},
	"403.18": {titleDisplay, sentenceProblem, "HTTP Error 403.18 - Forbidden: Cannot execute requested URL in the current application pool."},
	"403.19": {titleDisplay, sentenceProblem, "HTTP Error 403.19 - Forbidden: Cannot execute CGIs for the client in this application pool."},
	"405":    {titleDisplay, sentenceProblem, "HTTP Error 405 - The HTTP verb used to access this page is not allowed."},
	// S1 gives the words a client sees; which page carries them is not documented.
	"500.16": {titleDisplay, "500 Internal Server Error: Invalid Username or Password", "HTTP Error 500 - Internal server error."},
	"500.13": {titleDisplay, sentenceProblem, "HTTP Error 500.13 - Server Too Busy"},
	"500":    {titleDisplay, sentenceProblem, "HTTP Error 500 - Internal server error."},
}

// installedPage stands for a page of setup that is not in the snapshot.
func installedPage(status iis.Status) []byte {
	p, ok := installedPages[status]
	if !ok {
		p, ok = installedPages[iis.Status(status.Code())]
	}
	if !ok {
		p = installed{titleDisplay, sentenceProblem, "HTTP Error " + string(status) + " - " + phraseOf(status.Code())}
	}
	return crlf(`<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<HTML><HEAD><TITLE>` + p.title + `</TITLE>
<META HTTP-EQUIV="Content-Type" Content="text/html; charset=Windows-1252">
</HEAD><BODY><TABLE width=500 border=0 cellspacing=10><TR><TD>

<h1>` + p.title + `</h1>
` + p.sentence + `
<hr>
<p>Please try the following:</p>
<ul>
<li>Make sure that the address in the address bar is spelled and formatted correctly.</li>
<li>If you reached this page by a link, tell the site's administrator.</li>
</ul>
<h2>` + p.name + `<br>Internet Information Services (IIS)</h2>
<hr>
<p>Technical Information (for support personnel)</p>

</TD></TR></TABLE></BODY></HTML>
`)
}

func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

// builtInTexts are what IIS sends without a custom error file. 403.14, 502.2 and
// "cannot find the file" were captured; the others are own words.
var builtInTexts = map[iis.Status]string{
	"403.14": "<head><title>Directory Listing Denied</title></head>\n<body><h1>Directory Listing Denied</h1>This Virtual Directory does not allow contents to be listed.</body>",
	"404":    "The system cannot find the file specified.",
	"401":    "Error: Access is Denied.",
	"500.16": "<h1>500 Internal Server Error</h1>Invalid Username or Password",
	"500.13": "<h1>Server Too Busy</h1>",
	"502.2":  "<head><title>Error in CGI Application</title></head>\n<body><h1>CGI Error</h1>The specified CGI application misbehaved by not returning a complete set of HTTP headers.</body>",
}

// builtIn is the text of IIS itself in its captured wrapper.
func builtIn(status iis.Status) []byte {
	text, ok := builtInTexts[status]
	if !ok {
		text, ok = builtInTexts[iis.Status(status.Code())]
	}
	if !ok {
		text = "<h1>" + phraseOf(status.Code()) + "</h1>"
	}
	return page("Error", text)
}

// page is the wrapper of built-in texts (captured with 502.2).
func page(title, inner string) []byte {
	return []byte("<html><head><title>" + title + "</title></head><body>" + inner + "</body></html>")
}

// movedPage is the body of a redirect; inferred.
func movedPage(location string) []byte {
	return []byte("<head><title>Document Moved</title></head>\n<body><h1>Object Moved</h1>This document may be found <a HREF=\"" +
		escape(location) + "\">here</a></body>")
}

// aspErrorPage is the default layout of a classic ASP error (captured several
// times; for object errors the words are documented in KB944886, the fonts not).
func aspErrorPage(e *iis.ASPError) []byte {
	const font = `<font face="Arial" size=2>`
	place := font + escape(e.URL) + "</font>"
	if e.Line > 0 || e.Category != "Active Server Pages" {
		place += font + ", line " + strconv.Itoa(e.Line) + "</font>"
	}
	return []byte(" " + font + "\n<p>" + escape(e.Category) + "</font> " + font + "error '" + escape(e.Code) + "'</font>\n<p>\n" +
		font + escapeText(e.Title) + "</font>\n<p>\n" + place + "\n<p>\n" + font + escapeText(e.Detail) + "</font>")
}

// listingPage is a directory listing; its layout is inferred.
func listingPage(host, url string, rows []string) []byte {
	title := escape(host + " - " + url)
	var b strings.Builder
	b.WriteString("<html><head><title>" + title + "</title></head><body><H1>" + title + "</H1><hr>\n\n<pre>")
	if url != "/" {
		parent := url[:strings.LastIndexByte(strings.TrimSuffix(url, "/"), '/')+1]
		b.WriteString(`<A HREF="` + escape(escapePath(parent)) + `">[To Parent Directory]</A><br><br>`)
	}
	for _, row := range rows {
		b.WriteString(row)
	}
	b.WriteString("</pre><hr></body></html>")
	return []byte(b.String())
}

// reachedScript ends a page of a user's own at a statement that is not modelled.
func reachedScript(where string) string {
	return "\n<p>reached the script; " + escape(where) + " is not modelled</p>\n"
}

// noticePage are this server's own words about what it cannot know.
func noticePage(title, text string) []byte {
	return page(escape(title), "<h1>"+escape(title)+"</h1><p>"+escape(text)+"</p>")
}

// escape leaves apostrophes alone, as the texts of ASP errors show them; attributes
// above stand in double quotes.
func escape(s string) string { return escaper.Replace(s) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeText makes text inert between tags and leaves its quotes as ASP writes them.
var escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
