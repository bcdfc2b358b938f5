docker run -d --volumes-from data-container --name app alpine:3.20 sleep 1d
