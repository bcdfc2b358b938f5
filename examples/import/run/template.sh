docker run -d --log-opt tag="{{.Name}}/{{.ID}}" -e TEMPLATE='{{ value }}' alpine:3.20 sleep infinity
