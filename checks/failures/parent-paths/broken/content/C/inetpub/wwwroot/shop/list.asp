<%@ Language="VBScript" %>
<html>
<head><title>Tea list</title></head>
<body>
<!-- #include file="../inc/header.inc" -->
<% Response.Write "Green tea, 4.50" %>
</body>
</html>
