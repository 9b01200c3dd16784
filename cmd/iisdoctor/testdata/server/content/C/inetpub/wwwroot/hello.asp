<% Response.Write "Hello" %>
