docker container run --detach --name web nginx:1.27
