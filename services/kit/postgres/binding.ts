import { resolve } from 'node:path';
import { FOR_EVER } from '@meridian/language/bindings.ts';
import type { Bindings } from '../bindings.ts';

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

/** Reads a binding of type 'postgresql'; throws a CodedError that names the file. */
export function readPostgresBinding(
  bindings: Bindings,
  name: string,
  workingFolder: string,
): PostgresBinding {
  const binding = bindings.get(name, 'postgresql');
  // Refused unless it says how we connect anyway.
  binding.property('sslmode');
  return {
    name,
    host: binding.property('host'),
    port: Number(binding.property('port')),
    database: binding.property('database'),
    username: binding.property('username'),
    tlsFolder: resolve(workingFolder, binding.property('tls-folder')),
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
