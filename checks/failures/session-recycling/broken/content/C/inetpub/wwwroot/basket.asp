<%@ Language="VBScript" %>
<% Session("items") = Session("items") + 1 %>
<html><body><p>Your basket holds <%= Session("items") %> item(s).</p></body></html>
