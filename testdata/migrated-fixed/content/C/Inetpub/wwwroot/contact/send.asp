<!--#include virtual="/include/header.inc"-->
<%
Set mail = Server.CreateObject("CDO.Message")
mail.From = "web@larkspur-press.example"
mail.To = "office@larkspur-press.example"
mail.Subject = "From the Web site"
mail.TextBody = Request.Form("text")
mail.Send
Response.Write "<p>Thank you.</p>"
%>
