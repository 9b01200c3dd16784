<% Set c = Server.CreateObject("ADODB.Connection")
c.Open "Provider=SQLOLEDB;Data Source=db;User ID=shop;Password=[withheld];"
Response.Write "shop" %>
