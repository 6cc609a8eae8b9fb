import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

interface Configuration {
  readonly listen: { readonly address: string; readonly port: number };
  readonly ops: { readonly address: string; readonly port: number };
}

/** Says that it is ready, and nothing else. */
const { listen, ops } = JSON.parse(
  readFileSync(process.env['MERIDIAN_SERVICE_FILE'] ?? '', 'utf8'),
) as Configuration;
for (const { address, port } of [listen, ops]) {
  createServer((_request, response) => response.end()).listen(port, address);
}
process.on('SIGTERM', () => process.exit(0));
