docker run -d --memory 1073741824 --memory-swap -1 --pids-limit -1 alpine:3.20 sleep 1d
