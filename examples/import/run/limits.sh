docker run -d -m 300M --memory-swap 1g --memory-reservation 100m --cpus 0.5 --cpu-shares 512 --cpuset-cpus 0-1 --pids-limit 100 --oom-score-adj 500 --blkio-weight 300 alpine:3.20 sleep 1d
