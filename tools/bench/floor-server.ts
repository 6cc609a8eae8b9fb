import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';

/**
 * The floor of the benchmarks: a bare Node.js HTTPS server that answers whatever it is asked with the same
 * bytes. A process of its own, so that its processor time is its own. Arguments: the folder with tls.crt and
 * tls.key, and a file with the body. Prints its port, and ends with its input.
 */
const [folder = '', bodyFile = ''] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const server = createServer(
  { cert: readFileSync(`${folder}/tls.crt`), key: readFileSync(`${folder}/tls.key`) },
  (_request, response) => {
    response.setHeader('content-type', 'application/json').end(body);
  },
).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  process.stdout.write(`${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
