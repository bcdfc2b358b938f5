docker run -d --device /dev/ttyUSB0 --device=/dev/sda:/dev/xvdc:r --device /dev/snd:rw alpine:3.20 sleep 1d
