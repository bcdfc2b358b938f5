docker run -d -u www-data:www-data alpine:3.20 sleep 1d
