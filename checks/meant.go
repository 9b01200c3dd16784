package checks

import (
	"strings"

	"github.com/iisdoctor/iisdoctor/iis"
)

// notMeant are files that lie in a site without being meant for visitors: what
// programs include, compile or leave behind.
var notMeant = words(`
	.inc .config .asa .asax .master .skin .ascx .cshtml .vbhtml .browser .sitemap .compiled .cache .exclude .asbx .datasource
	.cs .vb .csproj .vbproj .sln .suo .user .resx .resources .licx .webinfo .vspscc .scc .dsp .edmx .dbml .rdlc .tt .refresh
	.bas .cls .frm .vbp .java .c .cpp .h .pas .dfm .po .mo .pot .tpl .pm .bat .cmd .ps1 .dll .pdb .lib .idb .md
	.pfx .p12 .key .pem .pvk .ppk .jks .keystore .snk .passwd .pwd .udl .dsn .settings .properties .reg .yml .yaml .conf .cfg .cnf .ini .inf
	.sql .mdb .mde .accdb .accde .ldb .mdf .ldf .ndf .sdf .db .db3 .dbf .sqlite .sqlite3 .fdb .gdb .pst
	.bak .old .orig .tmp .temp .copy .sav .save .swp .backup .dump .dmp .log .lnk .lock .lck
	.ds_store .gitignore .gitattributes .htaccess .htpasswd .btr .lst .dwt .lbi .mno .elm .utf8`)

// sideFiles are seldom for visitors: drafts of pictures, descriptions for programs.
// They are meant where they have a type or logs ask for them.
var sideFiles = words(".psd .fla .ai .xsd .wsdl .disco .discomap .nfo .url")

// hostScripts are run by Windows Script Host, from the command line as a rule. Only a
// script map makes pages of them.
var hostScripts = words(".vbs .wsf")

// buildFolders hold what programs make. A file of theirs without a type is nothing to
// visitors: themes and classes of FrontPage, output of the compiler, views of MVC.
var buildFolders = words("obj _themes _fpclass views")

func words(text string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(text) {
		all[w] = true
	}
	return all
}

// meant reports whether a visitor is meant to ask for the file.
func (f *file) meant() bool {
	switch {
	case f.ext == "": // only what a page links to is meant; LICENSE and README are not
		return false
	case f.rule.program:
	case notMeant[f.ext] || f.rule.entry == nil && f.isCopy():
		return false
	case sideFiles[f.ext] && !f.rule.typed && f.rows == 0, hostScripts[f.ext] && f.rule.entry == nil:
		return false
	}
	for name := range strings.SplitSeq(strings.ToLower(f.url), "/") {
		switch {
		case strings.HasPrefix(name, ".") && name != ".well-known", name == "app_data", name == "bin", name == "app_code", name == "_notes", name == ".git", name == ".svn",
			strings.HasPrefix(name, "_vti_"), name == "_private", name == "thumbs.db", name == "desktop.ini", name == "composer.json", name == "package.json":
			return false
		case buildFolders[name] && !f.rule.typed && f.rule.entry == nil:
			return false
		case name == "views" && iis.IsASPNET(f.ext):
			return false
		}
	}
	return true
}

// isCopy reports whether the name looks like the copy of a program or of a file that
// is not meant: default.asp1, web.config_backup, default.asp.20080301. A blank or dot
// at the end, or a stream's name, is how strangers try to read a program's source.
func (f *file) isCopy() bool {
	if strings.HasSuffix(f.ext, "~") || strings.HasSuffix(f.ext, " ") || strings.HasSuffix(f.ext, ".") || strings.Contains(f.ext, ":") {
		return true
	}
	if types[f.ext] != "" || programs[f.ext] || f.rule.typed {
		return false
	}
	stem := strings.TrimRight(f.ext, "0123456789")
	stem, _, _ = strings.Cut(stem, "_")
	stem, _, _ = strings.Cut(stem, "-")
	if stem == "." || len(stem) > len(".cs") && stem != f.ext && hides(stem) {
		return true
	}
	name := strings.ToLower(f.path.Base())
	inner := strings.TrimSuffix(name, f.ext)
	dot := strings.LastIndexByte(inner, '.')
	return dot >= 0 && hides(inner[dot:])
}

// hides reports whether the text of files with this extension is nobody's business. A .com, .exe or .pl in the middle of a name may as well be a domain, a product, a language.
func hides(ext string) bool {
	return notMeant[ext] || programs[ext] && ext != ".exe" && ext != ".com" && ext != ".pl"
}

// need gathers what shows that visitors want files that are refused.
type need struct {
	seen  bool  // one lies in the content
	asked bool  // and logs ask for it
	names int   // different names that only logs tell of
	rows  int64 // of those names
}

// note counts a file once by its name. Traces of ASP.NET and what worms try tell
// nothing of the site.
func (n *need) note(f *file) {
	switch {
	case !f.unseen:
		n.seen = true
		n.asked = n.asked || f.rows > 0
	case !probe(f.url) && f.ext != ".axd":
		n.names++
		n.rows += f.rows
	}
}

// shown reports whether the need is evident. Strangers try names on every server, and
// IIS refuses a type before it looks for the file: where the folder was not
// collected a site's own pages show by several different names.
func (n *need) shown() bool { return n.seen || n.names >= 3 }

// often reports the same of static files, that scripts of pages may ask for again
// and again by one name.
func (n *need) often() bool { return n.shown() || n.rows >= 50 }

// onlyAsked says why a refusal that only logs tell of is information.
const onlyAsked = ". Only the logs tell of them, and the folder is not in the snapshot. Strangers try such names on every server: it is a fault only if your site has them"
