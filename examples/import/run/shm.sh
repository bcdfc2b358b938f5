docker run -d --shm-size 1gb alpine:3.20 sleep 1d
