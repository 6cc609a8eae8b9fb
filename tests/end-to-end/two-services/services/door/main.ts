import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

interface Configuration {
  readonly identityFolder: string;
  readonly listen: { readonly address: string; readonly port: number };
  readonly ops: { readonly address: string; readonly port: number };
}

/** Says 200 to everybody, by mutual TLS to the edge and without it to the agent. */
const { identityFolder, listen, ops } = JSON.parse(
  readFileSync(process.env['MERIDIAN_SERVICE_FILE'] ?? '', 'utf8'),
) as Configuration;
const identity = (file: string): Buffer => readFileSync(`${identityFolder}/${file}`);

const secure = createSecureServer(
  {
    key: identity('tls.key'),
    cert: identity('tls.crt'),
    ca: identity('ca.crt'),
    requestCert: true,
  },
  (_request, response) => response.end('{}'),
);
secure.listen(listen.port, listen.address, () => {
  createServer((_request, response) => response.end()).listen(ops.port, ops.address);
});
process.on('SIGTERM', () => process.exit(0));
