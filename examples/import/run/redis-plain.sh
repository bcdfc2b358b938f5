docker run redis
