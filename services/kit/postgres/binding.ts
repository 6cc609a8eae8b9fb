import { resolve } from 'node:path';
import type { Bindings } from '../bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** Where a database is, and who we are there. */
export interface PostgresBinding {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** Folder of the client certificate, whose common name is the role. */
  readonly tlsFolder: string;
}

/** The only way to connect: encrypted, and the server verified by the address we reach it by. */
const SSL_MODE = 'verify-full';

/** Reads a binding of type 'postgresql'; throws a CodedError that names the file. */
export function readPostgresBinding(
  bindings: Bindings,
  name: string,
  workingFolder: string,
): PostgresBinding {
  const binding = bindings.get(name, 'postgresql');
  const refuse = (key: string, allowed: string, value: string): never => {
    throw new CodedError(
      'KIT_BINDING',
      `Binding '${name}': ${key} must be ${allowed}, got '${value}'; set it in ${bindings.root}/${name}/${key}`,
    );
  };
  const sslMode = binding.property('sslmode');
  if (sslMode !== SSL_MODE) refuse('sslmode', `'${SSL_MODE}'`, sslMode);
  const port = Number(binding.property('port'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    refuse('port', 'a whole number from 1 to 65535', binding.property('port'));
  }
  return {
    name,
    host: binding.property('host'),
    port,
    database: binding.property('database'),
    username: binding.property('username'),
    tlsFolder: resolve(workingFolder, binding.property('tls-folder')),
  };
}
