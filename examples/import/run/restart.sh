docker run -d --restart on-failure:5 alpine:3.20 sleep 1d
