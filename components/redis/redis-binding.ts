import { binding } from '@meridian/language/bindings.ts';
import type { RedisGrant } from './redis-grants.ts';

/** Identity folder of a process towards Redis; the common name is its user. */
export const REDIS_IDENTITY_FOLDER = 'redis-tls';

/** Where a server is, and where a service finds its password. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  /** Relative to the working folder of the process, or absolute. */
  readonly passwordFile: string;
  /** @default true, beside the password */
  readonly asksForCertificate?: boolean;
}

/** The properties of a service's binding to its key space; the password is not part of them. */
export function redisBinding(
  { user, keyPrefix }: Pick<RedisGrant, 'user' | 'keyPrefix'>,
  { host, port, passwordFile, asksForCertificate = true }: RedisPlace,
): Readonly<Record<string, string>> {
  return binding('redis', {
    host,
    port: String(port),
    username: user,
    'password-file': passwordFile,
    'key-prefix': keyPrefix,
    ...(asksForCertificate ? { 'tls-folder': REDIS_IDENTITY_FOLDER } : {}),
  });
}
