<%@ Language="VBScript" %>
<% ' A component that adds up the sales of a month, for a minute.
Dim sales
Set sales = Server.CreateObject("Fault.Slow")
sales.Work 60 %>
<html><body><p>The month is closed.</p></body></html>
