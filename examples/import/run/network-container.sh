docker run -d --network container:vpn --name torrent linuxserver/transmission:4.0.6
