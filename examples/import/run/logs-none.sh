docker run -d --log-driver none alpine:3.20 sleep 1d
