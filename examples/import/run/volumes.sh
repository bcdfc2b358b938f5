docker run -d -v /data -v named:/named:ro -v /srv/a:/a:rw,z -v ./rel:/rel -v /srv/b:/b:cached,ro alpine:3.20 sleep 1d
