podman run -d --name web --replace --sdnotify=conmon -p 8080:80 docker.io/library/nginx:1.27
