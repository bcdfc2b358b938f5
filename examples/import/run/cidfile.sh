docker run --cidfile web.cid -a stdout -a stderr --sig-proxy=false alpine:3.20 true
