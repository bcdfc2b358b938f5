docker run -d --net backend --net-alias db --ip 172.18.0.10 --mac-address 92:d0:c6:0a:29:33 postgres:16.3
