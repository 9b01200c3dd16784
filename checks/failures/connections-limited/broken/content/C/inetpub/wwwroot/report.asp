<%@ Language="VBScript" %>
<% Server.ScriptTimeout = 600
' A component that waits for a slow database.
Set query = Server.CreateObject("Fault.Slow")
query.Work 60 %>
<html><body><p>The report is ready.</p></body></html>
