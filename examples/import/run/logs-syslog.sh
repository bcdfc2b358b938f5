docker run -d --log-driver=syslog --log-opt syslog-address=udp://1.2.3.4:1111 alpine:3.20 sleep 1d
