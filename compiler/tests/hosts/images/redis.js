// In: a redis:// URL and a command as a list of strings. Out: a promise of the reply. RESP over a plain socket, one
// connection a command, so that a redis that comes back is found at once.
'use strict';
const net = require('node:net');

function parse(text) {
    const end = text.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = text.slice(1, end);
    switch (text[0]) {
        case '+': return { value: line };
        case ':': return { value: Number(line) };
        case '-': return { error: line };
        case '$': {
            if (line === '-1') return { value: null };
            const rest = text.slice(end + 2);
            return rest.length >= Number(line) + 2 ? { value: rest.slice(0, Number(line)) } : undefined;
        }
        default: return { error: `unexpected reply ${JSON.stringify(text)}` };
    }
}

module.exports = function redis(url, ...command) {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
        const socket = net.connect({ host: hostname, port: Number(port) });
        let text = '';
        socket.setTimeout(10000, () => socket.destroy(new Error(`${hostname}:${port} does not answer`)));
        socket.on('error', reject);
        socket.on('close', () => reject(new Error(`${hostname}:${port} closed the connection`)));
        socket.on('data', (chunk) => {
            text += chunk;
            const reply = parse(text);
            if (!reply) return;
            if (reply.error) reject(new Error(reply.error));
            else resolve(reply.value);
            socket.destroy();
        });
        socket.write(`*${command.length}\r\n` + command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join(''));
    });
};
