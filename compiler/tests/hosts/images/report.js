// A scheduled task: says how many visits there were.
'use strict';
const redis = require('./redis.js');

redis(process.env.REDIS_URL, 'GET', 'visits').then(
    (visits) => console.log(`visits: ${visits}`),
    (error) => {
        console.error(error.message);
        process.exit(1);
    },
);
