docker run -d --env=KEY=a=b=c --env EMPTY= -eSHORT=1 -e=EQUALS=2 alpine:3.20 sleep infinity
