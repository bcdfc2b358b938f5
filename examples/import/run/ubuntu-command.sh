docker run --rm ubuntu:24.04 /bin/echo 'Hello world'
