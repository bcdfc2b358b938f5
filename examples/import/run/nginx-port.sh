docker run --name some-nginx -d -p 8080:80 nginx:1.27
