<%@ Language="VBScript" %>
<!--#include virtual="/inc/header.inc"-->
<!--#include virtual="/inc/db.inc"-->
<h1>Your orders</h1>
<%
Dim cmd, rs
Set cmd = Server.CreateObject("ADODB.Command")
Set cmd.ActiveConnection = db
cmd.CommandText = "OrdersOf"
cmd.Parameters.Append cmd.CreateParameter("email", 200, 1, 80, Request.Form("email"))
Set rs = cmd.Execute
Do Until rs.EOF
  Response.Write "<p>" & rs("Placed") & ": " & FormatNumber(rs("Total"), 2) & "</p>"
  rs.MoveNext
Loop
%>
<!--#include virtual="/inc/footer.inc"-->
