docker run -d --workdir /app/ node:20-alpine node server.js
