<%@ Language="VBScript" %>
<% ' A component that draws charts and brings its process down.
Set chart = Server.CreateObject("Fault.Crash") %>
<html><body><p>The chart of this year.</p></body></html>
