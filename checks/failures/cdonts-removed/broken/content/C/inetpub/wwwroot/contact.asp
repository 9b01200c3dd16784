<%@ Language=VBScript %>
<%
Dim mail
Set mail = Server.CreateObject("CDONTS.NewMail")
mail.From = "shop@contoso.com"
mail.To = "orders@contoso.com"
mail.Subject = "A question"
mail.Body = "Sent from the contact page."
mail.Send
Set mail = Nothing
%>
<p>Thank you, your question is on its way.</p>
