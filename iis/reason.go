package iis

// reasons are the product's own names for the statuses (ms525687,
// CustomErrorDescriptions); those of HTTP.sys and of later rows are plain HTTP.
var reasons = map[Status]string{
	NoConnection: "the attempt to connect times out",
	"200":        "OK", "301": "Moved Permanently", "302": "Object Moved", "304": "Not Modified",
	"400": "Bad Request", "401.1": "Logon failed", "401.2": "Logon failed due to server configuration",
	"401.3": "Unauthorized due to ACL on resource", "403.1": "Execute access denied", "403.2": "Read access denied",
	"403.4": "SSL required", "403.5": "SSL128 required", "403.6": "IP address rejected", "403.7": "Client certificate required",
	"403.14": "Directory Listing Denied", "404": "Not Found", "404.2": "Denied due to Lockdown Policy",
	"404.3": "Denied due to MIMEMAP Policy", "405": "Method Not Allowed", "500": "Internal Server Error",
	"500.15": "Direct requests for GLOBAL.ASA forbidden", "500.16": "UNC Access Error", "500.19": "Bad file metadata", "501": "Not Implemented", "503": "Service Unavailable",
}

func reason(o Outcome) string {
	switch {
	case o.ASP != nil:
		return o.ASP.Code + " " + o.ASP.Title
	case o.KernelReason != "":
		return reasons[o.Status] + " (" + o.KernelReason + ")"
	}
	return reasons[o.Status]
}
