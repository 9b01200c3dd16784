<!--#include virtual="/include/header.inc"-->
<%
Set mail = Server.CreateObject("CDONTS.NewMail")
mail.From = "web@larkspur-press.example"
mail.To = "office@larkspur-press.example"
mail.Subject = "From the Web site"
mail.Body = Request.Form("text")
mail.Send
Response.Write "<p>Thank you.</p>"
%>
