docker run -d --ulimit nofile=65536:65536 --ulimit nproc=1024 --ulimit core=0 alpine:3.20 sleep 1d
