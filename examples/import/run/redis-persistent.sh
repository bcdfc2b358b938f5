docker run --name some-redis -d redis:7.2.5 redis-server --save 60 1 --loglevel warning
