<%@ Language="VBScript" %>
<!--#include virtual="/inc/header.inc"-->
<!--#include virtual="/inc/db.inc"-->
<%
Dim id, rs
id = CLng(Request.QueryString("id"))
Set rs = db.Execute("SELECT Name, Origin, Notes, Price FROM Teas WHERE Id = " & id)
If rs.EOF Then
  Response.Redirect "/catalogue.asp"
End If
%>
<h1><%= Server.HTMLEncode(rs("Name")) %></h1>
<p class="origin"><%= Server.HTMLEncode(rs("Origin")) %></p>
<p><%= Server.HTMLEncode(rs("Notes")) %></p>
<form action="/basket/add.asp" method="post">
<input type="hidden" name="id" value="<%= id %>">
<input type="text" name="grams" value="250" size="5"> g
<input type="submit" value="Into the basket">
</form>
<!--#include virtual="/inc/footer.inc"-->
