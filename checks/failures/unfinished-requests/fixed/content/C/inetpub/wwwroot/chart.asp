<%@ Language="VBScript" %>
<html><body><p>The numbers of this year, until the chart is mended.</p></body></html>
