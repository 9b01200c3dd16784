<!-- #include virtual="/include/header.inc" -->
<h1>Catalogue</h1>
<%
Response.Write "<p>12 titles this autumn</p>"
%>
