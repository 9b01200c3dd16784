<h1>Orders</h1>
<%
Response.Write "<p>Orders are taken until noon.</p>"
%>
