<%@ Language="VBScript" %>
<!--#include virtual="/inc/menu.inc"-->
<h1>Good morning</h1>
<p>You are logged on as <%= Request.ServerVariables("LOGON_USER") %>.</p>
</body>
</html>
