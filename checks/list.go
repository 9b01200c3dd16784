package checks

// list holds every check: what makes requests fail in the order in which IIS meets it,
// then what does harm without failing. It is what All, the documentation and
// `iisdoctor list` show, and the order of what to mend; there is no other registration.
var list = [...]Check{
	// How a client reaches the server: firewall, HTTP.sys and its limits.
	{ID: "firewall-closed", Severity: Error, Codes: []string{"no connection"}, Needs: []Need{NeedMetabase, NeedSites, NeedFirewall}, run: firewallClosed},
	{ID: "header-wait", Severity: Warning, Codes: []string{"Timer_HeaderWait"}, Needs: []Need{NeedMetabase}, run: headerWait},
	{ID: "idle-connection", Severity: Warning, Codes: []string{"Timer_ConnectionIdle", "Timer_EntityBody", "Timer_AppPool"}, Needs: []Need{NeedMetabase, NeedSites}, run: idleConnection},
	{ID: "slow-download", Severity: Error, Codes: []string{"Timer_MinBytesPerSecond"}, Needs: []Need{NeedMetabase}, run: slowDownload},
	{ID: "header-too-large", Severity: Error, Codes: []string{"400", "RequestLength", "FieldLength"}, Needs: []Need{NeedMetabase, NeedSites, NeedHTTPSys}, run: headerTooLarge},

	// Which site takes the request.
	{ID: "binding-malformed", Severity: Error, Codes: []string{"503", "event 1003"}, Needs: []Need{NeedMetabase, NeedSites}, run: bindingMalformed},
	{ID: "binding-duplicate", Severity: Error, Codes: []string{"503", "event 1007"}, Needs: []Need{NeedMetabase, NeedSites}, run: bindingDuplicate},
	{ID: "no-site-for-host", Severity: Error, Codes: []string{"400", "Hostname"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: noSiteForHost},
	{ID: "connections-limited", Severity: Warning, Codes: []string{"503", "ConnLimit"}, Needs: []Need{NeedMetabase, NeedSites}, run: connectionsLimited},

	// The application pool and its worker process.
	{ID: "pool-missing", Severity: Error, Codes: []string{"503"}, Needs: []Need{NeedMetabase, NeedSites}, run: poolMissing},
	{ID: "pool-stopped", Severity: Error, Codes: []string{"503", "Disabled"}, Needs: []Need{NeedMetabase, NeedSites}, run: poolStopped},
	{ID: "rapid-fail", Severity: Error, Codes: []string{"503", "AppOffline", "event 1002"}, Needs: []Need{NeedMetabase}, run: rapidFail},
	{ID: "queue-full", Severity: Error, Codes: []string{"503", "QueueFull", "event 1041"}, Needs: []Need{NeedMetabase}, run: queueFull},
	{ID: "pool-identity-incomplete", Severity: Error, Codes: []string{"503", "event 1057", "event 1059"}, Needs: []Need{NeedMetabase}, run: poolIdentityIncomplete},
	{ID: "filter-unloadable", Severity: Error, Codes: []string{"503", "event 2214", "event 2268", "event 2274"}, Needs: []Need{NeedMetabase, NeedSites}, run: filterUnloadable},
	{ID: "filter-raw-read", Severity: Warning, Codes: []string{"event 2261", "event 2222"}, Needs: []Need{NeedMetabase, NeedSites}, run: filterRawData},
	{ID: "aspnet-mixed", Severity: Error, ConfigOnly: true, Codes: []string{"event 1062"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspnetMixed},

	// From the URL to a file.
	{ID: "path-missing", Severity: Error, Codes: []string{"404"}, Needs: []Need{NeedMetabase, NeedSites}, run: pathMissing},
	{ID: "unc-credentials", Severity: Error, Codes: []string{"500.16", "401"}, Needs: []Need{NeedMetabase, NeedSites}, run: uncCredentials},
	{ID: "urlscan-blocks", Severity: Error, Codes: []string{"404", "<Rejected-By-UrlScan>"}, Needs: []Need{NeedMetabase, NeedSites, NeedURLScan}, run: urlScanBlocks},
	{ID: "script-map-malformed", Severity: Error, Codes: []string{"500.19"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapMalformed},

	// Who asks, and what is allowed there.
	{ID: "access-ssl", Severity: Error, Codes: []string{"403.4"}, Needs: []Need{NeedMetabase, NeedSites}, run: accessSSL},
	{ID: "subauthentication", Severity: Error, Codes: []string{"401.1"}, Needs: []Need{NeedMetabase, NeedSites}, run: subauthentication},
	{ID: "auth-none", Severity: Error, Codes: []string{"401.2", "401.1"}, Needs: []Need{NeedMetabase, NeedSites}, run: authNone},
	{ID: "access-no-script", Severity: Error, Codes: []string{"403.1"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: accessNoScript},
	{ID: "access-no-read", Severity: Error, Codes: []string{"403.2"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: accessNoRead},
	{ID: "access-no-remote", Severity: Error, Codes: []string{"403.1", "403.2"}, Needs: []Need{NeedMetabase, NeedSites}, run: accessNoRemote},
	{ID: "script-map-verbs", Severity: Warning, Codes: []string{"403.1"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapVerbs},

	// What answers: extension, file, type.
	{ID: "script-map-wildcard", Severity: Error, Codes: []string{"500", "event 2220"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: scriptMapWildcard},
	{ID: "script-map-missing", Severity: Error, Codes: []string{"500", "event 2220"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: scriptMapMissing},
	{ID: "extension-prohibited", Severity: Error, Codes: []string{"404.2"}, Needs: []Need{NeedMetabase, NeedSites}, run: extensionProhibited},
	{ID: "scripts-directory", Severity: Error, Codes: []string{"404"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: scriptsDirectory},
	{ID: "default-document-missing", Severity: Error, Codes: []string{"403.14"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: defaultDocumentMissing},
	{ID: "mime-unmapped", Severity: Error, Codes: []string{"404.3"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: mimeUnmapped},
	{ID: "script-map-shadowed", Severity: Error, Codes: []string{"404.3", sourceSent}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapShadowed},
	{ID: "aspnet-unregistered", Severity: Error, Codes: []string{"404.3", sourceSent}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: aspnetUnregistered},
	{ID: "identity-access", Severity: Error, Codes: []string{"401.3", "ASP 0178", "800a0046"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent, NeedACLs}, run: identityAccess},
	{ID: "system32-console", Severity: Error, Codes: []string{"401.3"}, Needs: []Need{NeedMetabase, NeedSites}, run: system32Console},
	{ID: "unix-case", Severity: Error, ByValue: true, Codes: []string{"wrong file", "404"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: unixCase},
	{ID: "cgi-rights", Severity: Error, Codes: []string{"403.19"}, Needs: []Need{NeedMetabase, NeedSites, NeedRights}, run: cgiRights},

	// While a page runs.
	{ID: "ssi-parent-path", Severity: Error, Codes: []string{"404", "event 2218"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: ssiParentPath},
	{ID: "parent-paths", Severity: Error, Codes: []string{"ASP 0131", "ASP 0175"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: parentPaths},
	{ID: "cdonts-removed", Severity: Error, Codes: []string{"ASP 0177", "800a01ad"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: cdontsRemoved},
	{ID: "asp-post-limit", Severity: Error, Codes: []string{"403", "ASP 0104", "ASP 0107"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspPostLimit},
	{ID: "asp-buffer-limit", Severity: Error, Codes: []string{"ASP 0251"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspBufferLimit},
	{ID: "script-timeout", Severity: Error, Codes: []string{"ASP 0113", "502.1", "event 2216"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptTimeout},
	{ID: "session-recycling", Severity: Warning, Codes: []string{"event 1074", "event 1075", "event 1076", "event 1077", "event 1117"}, Needs: []Need{NeedMetabase, NeedSites}, run: sessionRecycling},
	{ID: "global-asa-onend", Severity: Warning, Codes: []string{"event 5", "event 21", "event 22"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: globalAsaOnEnd},
	{ID: "unfinished-requests", Severity: Error, Codes: []string{"Connection_Abandoned_By_AppPool"}, Needs: []Need{NeedMetabase, NeedLogs}, run: unfinishedRequests},

	// Nothing fails yet: values that IIS does not take as meant.
	{ID: "metabase-value", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: metabaseValue},
	{ID: "metabase-property", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: metabaseProperty},
	{ID: "duplicate-entry", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: duplicateEntry},
	{ID: "error-page-missing", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: errorPageMissing},
	{ID: "pool-ignored", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: poolIgnored},
	{ID: "unc-passthrough-obsolete", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: uncPassthroughObsolete},
	{ID: "listen-timeout-obsolete", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: listenTimeoutObsolete},

	// Nothing fails yet: risks.
	{ID: "parent-paths-enabled", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: parentPathsEnabled},
	{ID: "mime-wildcard", Severity: Warning, ByValue: true, Needs: []Need{NeedMetabase, NeedSites}, run: mimeWildcard},
	{ID: "access-write-script", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: accessWriteScript},
	{ID: "access-source", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: accessSourceOpen},
	{ID: "auth-basic-clear", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: authBasicClear},
	{ID: "scripts-directory-executable", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: scriptsExecutable},
	{ID: "identity-localsystem", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: identityLocalSystem},

	// What one should know.
	{ID: "log-blind", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: logBlind},
	{ID: "filter-not-shown", Severity: Info, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: filterNotShown},
	{ID: unexplainedID, Severity: Info, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedLogs}}, // after the others: see leftOver
}

// All lists every check, in the order of list.
func All() []Check { return list[:] }
