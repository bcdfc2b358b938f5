docker run -d --network none alpine:3.20 sleep 1d
