// The API that the hosts run. In: PORT, REDIS_URL, CACHE_URL (may be absent), STRIPE_KEY, VERSION, HEALTH from the
// environment, /app/config.json. Out: JSON over http. Ends on SIGTERM once every open request is answered.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const redis = require('./redis.js');

const { PORT, REDIS_URL, CACHE_URL, STRIPE_KEY, VERSION, HEALTH } = process.env;
const config = JSON.parse(fs.readFileSync('/app/config.json', 'utf8'));
const uploads = '/app/uploads';

// A test makes every start fail by putting this file there.
if (fs.existsSync(`${uploads}/crash`)) process.exit(7);

async function count() {
    const visits = await redis(REDIS_URL, 'INCR', 'visits');
    let cached = null;
    if (CACHE_URL) {
        await redis(CACHE_URL, 'SET', `port-${PORT}`, String(visits));
        cached = Number(await redis(CACHE_URL, 'GET', `port-${PORT}`));
    }
    return { visits, cached, version: VERSION, greeting: config.greeting, secret: STRIPE_KEY.length };
}

function upload() {
    fs.writeFileSync(`${uploads}/from-${PORT}`, 'kept\n');
    fs.writeFileSync('/tmp/scratch', 'gone with the container\n');
    return { uploaded: true };
}

function eat() {
    const eaten = [];
    for (;;) eaten.push(Buffer.alloc(8 << 20, 1));
}

const routes = { '/count': count, '/upload': upload, '/eat': eat };
let sick = HEALTH === 'never';

async function answer(request, response) {
    const path = request.url;
    if (path === '/sick') sick = true;
    if (path === '/well') sick = false;
    if (path === '/healthz' || !(path in routes)) {
        response.writeHead(path === '/healthz' && sick ? 503 : 200).end('\n');
        return;
    }
    try {
        response.end(JSON.stringify(await routes[path]()) + '\n');
    } catch (error) {
        response.writeHead(502).end(`${error.message}\n`);
    }
}

const server = http.createServer(answer);
server.listen(Number(PORT), '0.0.0.0', () => console.log(`listening on ${PORT}, version ${VERSION}`));
process.on('SIGTERM', () => {
    console.log('stopping');
    server.close(() => process.exit(0));
    server.closeIdleConnections();
});
