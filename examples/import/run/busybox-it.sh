docker run -it --rm busybox:1.36 sh
