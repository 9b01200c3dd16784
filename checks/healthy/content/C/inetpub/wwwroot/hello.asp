<%@ Language="VBScript" %>
<html>
<head><title>Hello</title></head>
<body>
<% Response.Write "Hello from Active Server Pages" %>
<!-- #include virtual="/inc/footer.inc" -->
</body>
</html>
