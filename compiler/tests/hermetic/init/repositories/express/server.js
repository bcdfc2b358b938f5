const express = require("express");
const app = express();

app.get("/healthz", (request, response) => response.send("ok"));
app.listen(process.env.PORT || 3000);
