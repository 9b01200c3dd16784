<%@ Language="VBScript" %>
<!--#include virtual="/inc/menu.inc"-->
<h1>Who packs this week</h1>
<% Response.Write "<p>Week " & DatePart("ww", Date) & "</p>" %>
</body>
</html>
