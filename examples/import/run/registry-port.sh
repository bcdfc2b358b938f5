docker run -d localhost:5000/team/app:1.0 --verbose --port 8080 -p
