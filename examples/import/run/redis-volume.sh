docker run -d --name redis -p 6379:6379 -v redis-data:/data --restart always redis:7.2.5
