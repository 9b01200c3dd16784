<%@ Language="VBScript" %>
<html>
<body>
<%
Set broken = Server.CreateObject("Fault.Crash")
Response.Write "This line is never reached"
%>
</body>
</html>
