<%@ Language="VBScript" %>
<% Session("visits") = Session("visits") + 1 %>
<html><body><p>Page <%= Session("visits") %> of your visit.</p></body></html>
