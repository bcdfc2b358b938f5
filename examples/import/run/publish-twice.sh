docker run -d -p 80:8080 -p 81:8080 alpine:3.20 sleep 1d
