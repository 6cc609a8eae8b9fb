import { resolve } from 'node:path';
import { FOR_EVER } from '@meridian/language/bindings.ts';
import type { Bindings } from '../bindings.ts';
import { readClientTls, saysNotWhoWeAre } from '../tls/client-tls.ts';
import type { ClientTlsFiles } from '../tls/client-tls.ts';

/** Where a database is, and who we are there. */
export interface PostgresBinding {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  /** A client certificate's common name is the role. */
  readonly tls: ClientTlsFiles;
  /** File of the role's password, read again at each connection. @default the certificate says who we are */
  readonly passwordFile?: string;
}

/** Reads a binding of type 'postgresql'; throws a CodedError that names the file. */
export function readPostgresBinding(
  bindings: Bindings,
  name: string,
  workingFolder: string,
): PostgresBinding {
  const binding = bindings.get(name, 'postgresql');
  // Refused unless it says how we connect anyway.
  binding.property('sslmode');
  const tls = readClientTls(binding, workingFolder);
  const passwordFile = binding.optionalProperty('password-file');
  if (tls.tlsFolder === undefined && passwordFile === undefined) {
    throw saysNotWhoWeAre(name, 'tls-folder or password-file');
  }
  return {
    name,
    host: binding.property('host'),
    port: Number(binding.property('port')),
    database: binding.property('database'),
    username: binding.property('username'),
    tls,
    ...(passwordFile === undefined ? {} : { passwordFile: resolve(workingFolder, passwordFile) }),
  };
}

/**
 * For how many days rows that are only added hold what may move to an archive later; undefined where it is for ever.
 * Throws a CodedError that names the file.
 */
export function keepDaysOf(bindings: Bindings, name: string): number | undefined {
  const days = bindings.get(name, 'postgresql').optionalProperty('keep-days') ?? FOR_EVER;
  return days === FOR_EVER ? undefined : Number(days);
}
