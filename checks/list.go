package checks

// list holds every check, in the order in which IIS meets their causes. It is
// what All, the documentation and `iisdoctor list` show; there is no other
// registration.
var list = [...]Check{
	{ID: "metabase-value", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: metabaseValue},
	{ID: "metabase-property", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: metabaseProperty},
	{ID: "duplicate-entry", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: duplicateEntry},
	{ID: "parent-paths-enabled", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: parentPathsEnabled},
	{ID: "binding-malformed", Severity: Error, Codes: []string{"503", "event 1003"}, Needs: []Need{NeedMetabase, NeedSites}, run: bindingMalformed},
	{ID: "binding-duplicate", Severity: Error, Codes: []string{"503", "event 1007"}, Needs: []Need{NeedMetabase, NeedSites}, run: bindingDuplicate},
	{ID: "no-site-for-host", Severity: Error, Codes: []string{"400", "Hostname"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: noSiteForHost},
	{ID: "mime-wildcard", Severity: Warning, ByValue: true, Needs: []Need{NeedMetabase, NeedSites}, run: mimeWildcard},
	{ID: "pool-ignored", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: poolIgnored},
	{ID: "pool-missing", Severity: Error, Codes: []string{"503"}, Needs: []Need{NeedMetabase, NeedSites}, run: poolMissing},
	{ID: "pool-stopped", Severity: Error, Codes: []string{"503", "Disabled"}, Needs: []Need{NeedMetabase, NeedSites}, run: poolStopped},
	{ID: "firewall-closed", Severity: Error, Codes: []string{"no connection"}, Needs: []Need{NeedMetabase, NeedSites, NeedFirewall}, run: firewallClosed},
	{ID: "header-too-large", Severity: Error, Codes: []string{"400", "RequestLength", "FieldLength"}, Needs: []Need{NeedMetabase, NeedSites, NeedHTTPSys}, run: headerTooLarge},
	{ID: "idle-connection", Severity: Warning, Codes: []string{"Timer_ConnectionIdle", "Timer_EntityBody", "Timer_AppPool"}, Needs: []Need{NeedMetabase, NeedSites}, run: idleConnection},
	{ID: "header-wait", Severity: Warning, Codes: []string{"Timer_HeaderWait"}, Needs: []Need{NeedMetabase}, run: headerWait},
	{ID: "slow-download", Severity: Error, Codes: []string{"Timer_MinBytesPerSecond"}, Needs: []Need{NeedMetabase}, run: slowDownload},
	{ID: "queue-full", Severity: Error, Codes: []string{"503", "QueueFull", "event 1041"}, Needs: []Need{NeedMetabase}, run: queueFull},
	{ID: "aspnet-mixed", Severity: Error, ConfigOnly: true, Codes: []string{"event 1062"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspnetMixed},
	{ID: "rapid-fail", Severity: Warning, Codes: []string{"503", "AppOffline", "event 1002"}, Needs: []Need{NeedMetabase}, run: rapidFail},
	{ID: "filter-unloadable", Severity: Error, Codes: []string{"503", "event 2214", "event 2268"}, Needs: []Need{NeedMetabase, NeedSites}, run: filterUnloadable},
	{ID: "filter-raw-read", Severity: Warning, Codes: []string{"event 2261", "event 2222"}, Needs: []Need{NeedMetabase, NeedSites}, run: filterRawData},
	{ID: "filter-not-shown", Severity: Info, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: filterNotShown},
	{ID: "pool-identity-incomplete", Severity: Error, Codes: []string{"503", "event 1057", "event 1059"}, Needs: []Need{NeedMetabase}, run: poolIdentityIncomplete},
	{ID: "identity-localsystem", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase}, run: identityLocalSystem},
	{ID: "path-missing", Severity: Error, Codes: []string{"404"}, Needs: []Need{NeedMetabase, NeedSites}, run: pathMissing},
	{ID: "unc-credentials", Severity: Error, Codes: []string{"500.16", "401"}, Needs: []Need{NeedMetabase, NeedSites}, run: uncCredentials},
	{ID: "script-map-malformed", Severity: Error, Codes: []string{"500.19"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapMalformed},
	{ID: "access-ssl", Severity: Error, Codes: []string{"403.4"}, Needs: []Need{NeedMetabase, NeedSites}, run: accessSSL},
	{ID: "subauthentication", Severity: Error, Codes: []string{"401.1"}, Needs: []Need{NeedMetabase, NeedSites}, run: subauthentication},
	{ID: "script-map-verbs", Severity: Warning, Codes: []string{"403.1"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapVerbs},
	{ID: "extension-prohibited", Severity: Error, Codes: []string{"404.2"}, Needs: []Need{NeedMetabase, NeedSites}, run: extensionProhibited},
	{ID: "mime-unmapped", Severity: Error, Codes: []string{"404.3"}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: mimeUnmapped},
	{ID: "script-map-shadowed", Severity: Error, Codes: []string{"404.3", sourceSent}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptMapShadowed},
	{ID: "aspnet-unregistered", Severity: Error, Codes: []string{"404.3", sourceSent}, Needs: []Need{NeedMetabase, NeedSites, NeedUse}, run: aspnetUnregistered},
	{ID: "script-map-wildcard", Severity: Error, Codes: []string{"500", "event 2220"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: scriptMapWildcard},
	{ID: "default-document-missing", Severity: Error, Codes: []string{"403.14"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: defaultDocumentMissing},
	{ID: "error-page-missing", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: errorPageMissing},
	{ID: "parent-paths", Severity: Error, Codes: []string{"ASP 0131", "ASP 0175"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: parentPaths},
	{ID: "ssi-parent-path", Severity: Error, Codes: []string{"404", "event 2218"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: ssiParentPath},
	{ID: "cdonts-removed", Severity: Error, Codes: []string{"ASP 0177", "800a01ad"}, Needs: []Need{NeedMetabase, NeedSites, NeedContent}, run: cdontsRemoved},
	{ID: "log-blind", Severity: Warning, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedSites}, run: logBlind},
	{ID: "script-timeout", Severity: Error, Codes: []string{"ASP 0113", "502.1", "event 2216"}, Needs: []Need{NeedMetabase, NeedSites}, run: scriptTimeout},
	{ID: "asp-buffer-limit", Severity: Error, Codes: []string{"ASP 0251"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspBufferLimit},
	{ID: "asp-post-limit", Severity: Error, Codes: []string{"403", "ASP 0104", "ASP 0107"}, Needs: []Need{NeedMetabase, NeedSites}, run: aspPostLimit},
	{ID: unexplainedID, Severity: Info, ConfigOnly: true, Needs: []Need{NeedMetabase, NeedLogs}}, // after the others: see leftOver
}

// All lists every check, in the order of list.
func All() []Check { return list[:] }
