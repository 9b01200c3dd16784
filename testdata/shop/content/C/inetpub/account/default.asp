<%@ Language="VBScript" %>
<% Response.Redirect "/account/login.asp" %>
