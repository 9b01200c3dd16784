<%@ Language=VBScript %>
<% Response.Write "Thank you for your words." %>
