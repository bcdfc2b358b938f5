docker run -d --security-opt no-new-privileges=false alpine:3.20 sleep 1d
