docker run -d -P --expose 9000 --expose 9100-9102/udp alpine:3.20 sleep 1d
