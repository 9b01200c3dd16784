package checks

import "github.com/iisdoctor/iisdoctor/snapshot/weblog"

// aspBufferLimit: pages that write more than AspBufferingLimit (S1, "Limits on
// Response Buffering"; KB944886 for the error and its row in the log).
func aspBufferLimit(p *pass) {
	p.limited(limit{
		property: "AspBufferingLimit", usual: 4194304, doubtful: 4194304,
		shows:   func(r weblog.Request) bool { return r.ASP == "ASP 0251" },
		stopped: "Pages that buffer more than %s bytes of their answer stop with ASP 0251",
		low:     "ASP may buffer only %s bytes of an answer, less than the installed 4,194,304: larger pages stop with ASP 0251",
		missing: "the W3C log would show ASP_0251 in its rows if a page is stopped",
		raised:  func(n uint32) uint64 { return 2 * uint64(n) },
		remedy: Remedy{Title: "Allow larger answers in the buffer",
			Steps: []string{"IIS Manager does not show this setting; use the command to set %s bytes."},
			Risk:  "every such answer is held in the memory of the worker process until it is complete"},
	}, flushPages)
}

var flushPages = Remedy{Title: "Send the answer in parts", Steps: []string{
	"In the loop that writes most, call Response.Flush every hundred rows or so: what was flushed no longer counts.",
	"Headers, cookies and redirects must come before the first Flush.",
}}

// aspPostLimit: uploads larger than AspMaxRequestEntityAllowed (S1, "Limits on
// posts"; ms525409, KB327659: 403, or ASP 0104 where the page reads the body), and
// form fields over 100 KB.
func aspPostLimit(p *pass) {
	posts := limit{
		property: "AspMaxRequestEntityAllowed", usual: 204800, doubtful: 204800, asp: true,
		shows: func(r weblog.Request) bool {
			return r.ASP == "ASP 0104" || r.Method == "POST" && r.Status == 403 && r.Substatus == 0
		},
		stopped: "Uploads and forms of more than %s bytes to pages of ASP are refused",
		low:     "Pages of ASP take only %s bytes of a form or upload, less than the installed 204,800: larger ones are answered 403",
		missing: "the W3C log would show POST requests answered 403 or ASP_0104 if uploads are refused",
		raised:  func(n uint32) uint64 { return max(1<<20, 4*uint64(n)) },
		remedy: Remedy{Title: "Allow larger uploads for the application that takes them",
			Steps: []string{"IIS Manager does not show this setting; use the command to set %s bytes, or what the largest upload needs."},
			Risk:  "each upload is held in memory: do not allow more than needed, and only where it is needed"},
	}
	p.uploads(posts, p.limited(posts))
	p.largeFields()
}

// scriptTimeout: scripts and programs that take longer than AspScriptTimeout and
// CGITimeout allow (cc785706 for ASP 0113; KB318380 for 502.1).
func scriptTimeout(p *pass) {
	double := func(n uint32) uint64 { return 2 * uint64(n) }
	p.limited(limit{
		property: "AspScriptTimeout", usual: 90, doubtful: 30,
		shows:   func(r weblog.Request) bool { return r.ASP == "ASP 0113" },
		stopped: "Pages of ASP that run for more than %s seconds are stopped with ASP 0113",
		low:     "Pages of ASP may run for only %s seconds; then they are stopped with ASP 0113",
		missing: "the W3C log would show ASP_0113 in its rows if a page is stopped",
		raised:  double,
		remedy: Remedy{Title: "Give the pages more time",
			Steps: []string{"In IIS Manager: Properties of the application, Home Directory or Directory tab, Configuration, Options tab: ASP script timeout %s seconds.",
				"Look at what the pages wait for; a single page can ask for more with Server.ScriptTimeout."},
			Risk: "a page that hangs holds its thread for that long"},
	})
	p.limited(limit{
		property: "CGITimeout", usual: 300, doubtful: 30,
		shows:   func(r weblog.Request) bool { return statusOf(r) == "502.1" },
		event:   2216,
		stopped: "CGI programs that run for more than %s seconds are ended (502.1)",
		low:     "CGI programs may run for only %s seconds; then they are ended (502.1)",
		missing: "the W3C log would show 502 with substatus 1, and the Application log event 2216, if a program is ended",
		raised:  double,
		remedy: Remedy{Title: "Give the programs more time",
			Steps: []string{"In IIS Manager: Properties of Web Sites or of the site, Home Directory tab, Configuration, Process Options: CGI script timeout %s seconds."},
			Risk:  "a program that hangs is ended that much later"},
	})
}
