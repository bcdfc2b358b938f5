docker run -d --hostname my-rabbit --name some-rabbit -p 15672:15672 rabbitmq:3.13-management
