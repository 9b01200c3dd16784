<%@ Language="VBScript" %>
<!--#include virtual="/inc/prices.inc"-->
<%
Dim id, grams
id = CLng(Request.Form("id"))
grams = CLng(Request.Form("grams"))
If grams < SmallestOrder Then grams = SmallestOrder
Session("Basket") = Session("Basket") & id & ":" & grams & ";"
Session("BasketCount") = Session("BasketCount") + 1
Response.Redirect "/basket/view.asp"
%>
