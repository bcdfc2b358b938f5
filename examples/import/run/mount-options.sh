docker run -d --mount type=volume,src=nfs,dst=/nfs,volume-driver=local,volume-opt=type=nfs,volume-opt=device=:/export alpine:3.20 sleep 1d
