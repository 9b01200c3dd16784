<%@ Language="VBScript" %>
<!--#include virtual="/inc/header.inc"-->
<h1>Your account</h1>
<form action="/account/orders.asp" method="post">
<p>E-mail <input type="text" name="email" size="30"></p>
<p>Password <input type="password" name="secret" size="30"></p>
<input type="submit" value="Log on">
</form>
<!--#include virtual="/inc/footer.inc"-->
