docker run -d --entrypoint "" alpine:3.20 sleep 1d
