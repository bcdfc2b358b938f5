docker run --name some-postgres -e POSTGRES_PASSWORD=mysecretpassword -d postgres:16.3
