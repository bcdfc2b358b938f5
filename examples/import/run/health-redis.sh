docker run -d --health-cmd "redis-cli ping | grep PONG" --health-interval 1.5s redis:7.2.5
