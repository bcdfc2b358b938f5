docker run -d --sysctl net.core.somaxconn=1024 --sysctl kernel.shmmax=68719476736 alpine:3.20 sleep 1d
