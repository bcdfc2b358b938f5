docker run -d -e 'GREETING=Grüße, 世界 🌍' -l 'note=naïve' --name café alpine:3.20 sleep 1d
