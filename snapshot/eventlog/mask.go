package eventlog

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/source"
)

var (
	// query is what follows a question mark in a URL or path.
	query = source.Lazy(`([^\s?'"]*[/.][^\s?'"]*\?)[^\s'",<>]+`)
	// parameters is the query in event 2216 (cc758052).
	parameters = source.Lazy(`(?i)(with parameters )(.*?)( has not responded|$)`)
	// named is a user, account or address that a label announces, as ASP.NET's events do.
	named = source.Lazy(`(?i)\b((?:thread )?(?:user|account|logon|client)(?: ?name| host address| address)?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,;]+(?: (?:SERVICE|SYSTEM)\b)?)`)
	// quotedUser is a user in running text.
	quotedUser = source.Lazy(`(?i)\b((?:user|account|username|user name) )('[^']*'?|"[^"]*"?)`)
	// cookie is a cookie header or the session cookie of ASP.
	cookie = source.Lazy(`(?i)((?:cookies?\s*[:=]\s*)|ASPSESSIONID\w*=|ASP\.NET_SessionId=)[^\s,;]+(?:; ?[^\s,;]+)*`)
	// address is a mail address or user principal name.
	address = source.Lazy(`[\w.+-]+@[\w-]+(?:\.[\w-]+)*`)
	// builtin are IIS's own accounts, which carry the name of the computer.
	builtin = source.Lazy(`\b(IUSR|IWAM)_[\w-]+`)
	// account is DOMAIN\name: one backslash, and nothing of a path around it.
	account = source.Lazy(`[^\s'"(),;\[\]]*\\[^\s'"(),;\[\]]*`)
)

// mask withholds passwords, users, cookies and queries.
func mask(s string) string {
	s = source.MaskPasswords(s)
	s = parameters().ReplaceAllString(s, "${1}"+source.Withheld+"${3}")
	s = query().ReplaceAllString(s, "${1}"+source.Withheld)
	s = cookie().ReplaceAllString(s, "${1}"+source.Withheld)
	s = account().ReplaceAllStringFunc(s, maskAccount)
	s = named().ReplaceAllString(s, "${1}"+source.Withheld)
	s = quotedUser().ReplaceAllString(s, "${1}"+source.Withheld)
	s = address().ReplaceAllString(s, source.Withheld)
	return builtin().ReplaceAllString(s, "${1}_"+source.Withheld)
}

// maskAccount withholds DOMAIN\name, and leaves paths and well-known accounts: a
// path has a drive, a second backslash or an extension behind it.
func maskAccount(word string) string {
	domain, name, _ := strings.Cut(word, `\`)
	upper := strings.ToUpper(domain)
	switch {
	case domain == "" || name == "" || strings.ContainsAny(name, `\/`) || strings.ContainsAny(domain, ":/%"):
		return word
	case upper == "AUTHORITY" || upper == "BUILTIN" || upper == "APPPOOL":
		return word
	case fileName().MatchString(name):
		return word
	}
	return source.Withheld
}

var fileName = source.Lazy(`(?i)\.(?:dll|exe|asp|asa|aspx|asax|inc|htm|html|stm|shtm|shtml|cgi|pl|php|config|vbs|js)\.?$`)
