<%@ Language="VBScript" %>
<!--#include virtual="/inc/menu.inc"-->
<h1>Telephone list</h1>
<table>
<tr><td>Office</td><td>201</td></tr>
<tr><td>Tasting room</td><td>207</td></tr>
<tr><td>Warehouse</td><td>230</td></tr>
</table>
</body>
</html>
