<%@ Page Language="C#" %>
<html><body><p>Order <%= Request["id"] %></p></body></html>
