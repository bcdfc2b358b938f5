docker run --privileged -d --name dind -e DOCKER_TLS_CERTDIR=/certs -v some-docker-certs-ca:/certs/ca docker:27-dind
