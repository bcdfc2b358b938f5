# The web server of the shop.
docker network create shop
docker volume create web-data

docker run \
  --detach \
  --name web \   
  # the port that the balancer asks
  --publish 8080:8080 \
  #--publish 9090:9090 \
  --volume web-data:/data \
  registry.example.com/shop/web:3.1 # newest
docker ps
