sudo -E docker -H unix:///run/other.sock --log-level debug run -d nginx:1.27
