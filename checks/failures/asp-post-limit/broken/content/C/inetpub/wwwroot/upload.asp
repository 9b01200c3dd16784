<%@ Language="VBScript" %>
<html><body>
<% If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
	Dim body : body = Request.BinaryRead(Request.TotalBytes) %>
<p>Received <%= Len(body) %> bytes.</p>
<% Else %>
<form method="post" enctype="multipart/form-data"><input type="file" name="photo"><input type="submit"></form>
<% End If %>
</body></html>
