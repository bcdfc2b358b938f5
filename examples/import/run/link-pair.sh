docker run -d --name db mariadb:11.4
docker run -d --name blog --link db:mysql -p 8080:80 -e WORDPRESS_DB_HOST=mysql:3306 wordpress:6.5
