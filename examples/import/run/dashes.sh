docker run -d --name web -- nginx:1.27 nginx -g 'daemon off;'
