<%@ Language="VBScript" %>
<!--#include virtual="/inc/header.inc"-->
<!--#include virtual="/inc/db.inc"-->
<h1>All our teas</h1>
<table class="list">
<tr><th>Tea</th><th>Origin</th><th>250 g</th></tr>
<%
Dim rs
Set rs = db.Execute("SELECT Id, Name, Origin, Price FROM Teas ORDER BY Name")
Do Until rs.EOF
%>
<tr>
  <td><a href="/tea.asp?id=<%= rs("Id") %>"><%= Server.HTMLEncode(rs("Name")) %></a></td>
  <td><%= Server.HTMLEncode(rs("Origin")) %></td>
  <td align="right"><%= FormatNumber(rs("Price"), 2) %></td>
</tr>
<%
  rs.MoveNext
Loop
rs.Close
%>
</table>
<!--#include virtual="/inc/footer.inc"-->
