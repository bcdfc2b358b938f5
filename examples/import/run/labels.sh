docker run -d -l com.example.team=checkout --label empty --label "with.spaces=a b c" alpine:3.20 sleep 1d
