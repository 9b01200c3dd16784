<%@ Language="VBScript" %>
<html><body><p>A comment of <%= Len(Request.Form("text")) %> characters.</p></body></html>
