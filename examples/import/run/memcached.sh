docker run --name my-memcache -d memcached:1.6 memcached --memory-limit=64
