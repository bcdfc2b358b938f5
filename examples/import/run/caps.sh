docker run -d --cap-drop ALL --cap-add NET_BIND_SERVICE --cap-add=cap_chown alpine:3.20 sleep 1d
