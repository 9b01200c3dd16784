<%@ Page Language="C#" %>
<html><body><p>Orders</p></body></html>
