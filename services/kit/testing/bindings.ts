import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spiffe } from './world.ts';

/** Writes a binding into the folder of a process: a file for each property. */
export function writeBinding(
  folder: string,
  name: string,
  properties: Readonly<Record<string, string>>,
): void {
  const binding = join(folder, 'bindings', name);
  mkdirSync(binding, { recursive: true });
  for (const [key, value] of Object.entries(properties)) writeFileSync(join(binding, key), value);
}

/** Writes the binding to a service that listens on these ports of 127.0.0.1. */
export function writeServiceBinding(
  folder: string,
  service: string,
  ports: readonly number[],
): void {
  writeBinding(folder, service, {
    type: 'grpc',
    provider: 'meridian',
    uri: `addresses:${service}/addresses`,
    'spiffe-id': spiffe(service),
    addresses: ports.map((port) => `127.0.0.1:${port}\n`).join(''),
  });
}
