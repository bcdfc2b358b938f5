$ docker pull redis:7.2.5
$ docker run -d \
>   --name cache \
>   redis:7.2.5
user@host:~$ docker run -d --name web nginx:1.27
