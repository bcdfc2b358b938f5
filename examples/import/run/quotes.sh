docker run -d -e 'A=one two' -e B="three \"four\"" -e C=it\'s -e D='$HOME' -e E="a\\b" alpine:3.20 sleep 1d
