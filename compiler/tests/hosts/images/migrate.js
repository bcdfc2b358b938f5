// A task that runs before the API: writes the schema's version to redis.
'use strict';
const redis = require('./redis.js');

redis(process.env.REDIS_URL, 'SET', 'schema', '3').then(
    () => console.log('schema is at 3'),
    (error) => {
        console.error(error.message);
        process.exit(1);
    },
);
