<%@ Language="VBScript" %>
<html>
<body bgcolor="#ffffee">
<%
Dim counter
Set counter = Server.CreateObject("HitCount.Counter")
Response.Write "<p>You are visitor number " & counter.NextNumber("home") & "</p>"
%>
</body>
</html>
