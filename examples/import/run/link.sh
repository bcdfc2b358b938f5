docker run -d --link some-postgres:postgres -e DB=postgres adminer:4.8.1
