docker run -d --add-host legacy.internal:10.0.0.5 --add-host host.docker.internal:host-gateway --add-host v6.internal=[2001:db8::1] alpine:3.20 sleep 1d
