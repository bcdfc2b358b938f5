# docker run -d --name cache redis:7.2.5
