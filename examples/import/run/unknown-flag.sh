docker run -d --no-such-flag --name web nginx:1.27
