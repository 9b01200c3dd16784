<%@ Language="VBScript" %>
<% Option Explicit %>
<!--#include virtual="/inc/header.inc"-->
<h1>Tea by post since 1931</h1>
<p>We buy in small lots, taste every chest and post your order the same day.</p>
<ul>
<li><a href="/catalogue.asp">All our teas</a></li>
<li><a href="/brochures/spring.htm">The spring brochure</a></li>
<li><a href="/account/login.asp">Your account</a></li>
<li><a href="/delivery.htm">Delivery</a></li>
</ul>
<p>In stock today: <span id="stock">please ask</span></p>
<script type="text/javascript" src="/js/stock.js"></script>
<!--#include virtual="/inc/footer.inc"-->
