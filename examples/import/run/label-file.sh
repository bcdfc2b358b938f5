docker run -d --label-file ./labels.txt --label-file /etc/os-release alpine:3.20 sleep 1d
