package snapshot

import "strings"

// urlScanFlags are the switches of [Options] with their defaults, from UrlScan 2
// and 3 Reference (iis.net). Unknown stands where documents disagree: the reference
// gives 1 for these four, KB326444 and the comments of the sample file give 0.
var urlScanFlags = map[string]Known{
	"useallowverbs": Yes, "normalizeurlbeforescan": Yes, "verifynormalization": Yes,
	"useallowextensions": Unknown, "allowhighbitcharacters": Unknown, "allowdotinpath": Unknown, "removeserverheader": Unknown,
	"allowlatescanning": No, "usefastpathreject": No, "unescapequerystring": Yes,
	"enablelogging": Yes, "perprocesslogging": No, "perdaylogging": Yes, "loglongurls": No,
}

// urlScanTexts are the options of [Options] that hold text.
var urlScanTexts = map[string]string{
	"rejectresponseurl": "/<Rejected-By-UrlScan>", "loggingdirectory": `C:\WINDOWS\system32\inetsrv\UrlScan\logs`,
	"alternateservername": "", "rulelist": "",
}

// urlScanLimits are the three limits of [RequestLimits] that are no header, in
// bytes, from the same reference.
var urlScanLimits = map[string]int64{"maxallowedcontentlength": 30000000, "maxurl": 260, "maxquerystring": 4096}

// urlScanLists are the sections that hold one entry a line.
var urlScanLists = []string{
	"AllowVerbs", "DenyVerbs", "DenyHeaders", "AllowExtensions", "DenyExtensions", "DenyUrlSequences",
	"AlwaysAllowedUrls", "AlwaysAllowedQueryStrings", "DenyQueryStringSequences",
}

// optionNames are all names of [Options], for "did you mean".
func optionNames() []string {
	var out []string
	for name := range urlScanFlags {
		out = append(out, name)
	}
	for name := range urlScanTexts {
		out = append(out, name)
	}
	return out
}

func isList(section string) bool {
	for _, l := range urlScanLists {
		if strings.EqualFold(l, section) {
			return true
		}
	}
	return false
}
