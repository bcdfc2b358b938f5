docker run -itd -p8080:80 -m512m -w/app -u1000:1000 -eA=b -vdata:/data -hhost1 nginx:1.27
