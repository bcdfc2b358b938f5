docker run -d -p 8080:3000 -e PORT=3000 registry.example.com/shop/api:1.4.2
