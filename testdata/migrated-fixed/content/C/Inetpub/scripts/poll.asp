<%
Response.Write "<p>Poll</p>"
%>
