<%@ Language="VBScript" %>
<html><body><h1>All orders</h1>
<% Dim i
For i = 1 To 5000
	Response.Write String(1000, "x") & vbCrLf
Next %>
<p>End of the list.</p></body></html>
