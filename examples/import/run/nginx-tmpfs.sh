docker run -d --read-only --tmpfs /var/cache/nginx:size=64m --tmpfs /run --name web -p 80:80 nginx:1.27
