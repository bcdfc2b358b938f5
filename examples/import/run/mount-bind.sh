docker run -d --mount type=bind,source=/srv/data,target=/data,readonly --mount type=bind,src=/srv/up,dst=/uploads alpine:3.20 sleep 1d
