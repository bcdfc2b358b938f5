FOO=bar docker run -d -e FOO -e BAR alpine:3.20 sleep infinity
