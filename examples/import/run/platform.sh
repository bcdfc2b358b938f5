docker run -d --platform linux/amd64 --pull always --quiet alpine:3.20 sleep 1d
