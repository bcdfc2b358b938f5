docker run -d --dns 10.0.0.2 --dns 10.0.0.3 --dns-search shop.internal --dns-search example.com --dns-opt ndots:2 alpine:3.20 sleep 1d
