docker run --name some-redis -d redis:7.2.5
