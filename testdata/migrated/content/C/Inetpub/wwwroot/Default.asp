<!--#include virtual="/include/header.inc"-->
<%
Session("visits") = Session("visits") + 1
%>
<h1>Larkspur Press</h1>
<p>Your visit number <%= Session("visits") %>.</p>
<ul>
<li><a href="/catalog/list.asp">Catalogue</a>, or <a href="/catalog/autumn.docx">as a document</a></li>
<li><a href="/news/news.stm">News</a></li>
<li><a href="/contact/send.asp">Write to us</a></li>
<li><a href="/scripts/poll.asp">This week's poll</a></li>
</ul>
