docker run -d --env-file ./app.env --env-file /etc/os-release alpine:3.20 sleep infinity
