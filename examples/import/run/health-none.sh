docker run -d --no-healthcheck nginx:1.27
