docker run -d --name=grafana -p 3000:3000 --volume grafana-storage:/var/lib/grafana --user "$(id -u)" grafana/grafana-oss:11.1.0
