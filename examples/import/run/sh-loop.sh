docker run -d --name clock ubuntu:24.04 sh -c 'while true; do date; sleep 1; done'
