// Shows what is in stock. The file is written by the warehouse every hour.
function showStock() {
  var request = window.XMLHttpRequest ? new XMLHttpRequest() : new ActiveXObject("Microsoft.XMLHTTP");
  request.open("GET", "/stock.json", true);
  request.onreadystatechange = function () {
    if (request.readyState != 4 || request.status != 200) { return; }
    var stock = eval("(" + request.responseText + ")");
    document.getElementById("stock").innerHTML = stock.teas + " teas";
  };
  request.send(null);
}
window.onload = showStock;
