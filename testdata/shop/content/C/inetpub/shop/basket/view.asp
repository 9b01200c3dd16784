<%@ Language="VBScript" %>
<!--#include virtual="/inc/header.inc"-->
<h1>Your basket</h1>
<%
' Prices moved to their own file, M.F. 12/03/2004
%>
<!--#include file="../inc/prices.inc"-->
<%
If Session("BasketCount") = 0 Then
  Response.Write "<p>Your basket is empty.</p>"
Else
  Response.Write "<p>" & Session("BasketCount") & " teas, postage " & Postage & "</p>"
  Response.Write "<p><a href=""/account/orders.asp"">Order now</a></p>"
End If
%>
<!--#include virtual="/inc/footer.inc"-->
