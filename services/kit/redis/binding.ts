import { resolve } from 'node:path';
import type { Bindings } from '../bindings.ts';
import { readClientTls } from '../tls/client-tls.ts';
import type { ClientTlsFiles } from '../tls/client-tls.ts';

/** Where a key space of Redis is, and who we are there. */
export interface RedisBinding {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  /** File of the password, read again at each connection. */
  readonly passwordFile: string;
  /** Every key begins with it; the server refuses any other. */
  readonly keyPrefix: string;
  /** A client certificate is beside the password, where the server asks for one. */
  readonly tls: ClientTlsFiles;
}

/** Reads a binding of type 'redis'; throws a CodedError that names the file. */
export function readRedisBinding(
  bindings: Bindings,
  name: string,
  workingFolder: string,
): RedisBinding {
  const binding = bindings.get(name, 'redis');
  return {
    name,
    host: binding.property('host'),
    port: Number(binding.property('port')),
    username: binding.property('username'),
    passwordFile: resolve(workingFolder, binding.property('password-file')),
    keyPrefix: binding.property('key-prefix'),
    tls: readClientTls(binding, workingFolder),
  };
}
