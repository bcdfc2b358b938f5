docker run -d --log-driver json-file --log-opt max-size=10m --log-opt max-file=3 alpine:3.20 sleep 1d
