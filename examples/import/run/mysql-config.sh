docker run --name some-mysql -v /my/custom:/etc/mysql/conf.d -e MYSQL_ROOT_PASSWORD=my-secret-pw -d mysql:8.4 --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci
