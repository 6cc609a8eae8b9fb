import { Resolver } from 'node:dns/promises';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { NameServers } from './zone.ts';

/** Resolvers that anybody may ask: a company's own may answer for its zone otherwise than the world does. */
const PUBLIC = ['1.1.1.1', '8.8.8.8'];

/** No zone is delegated so, and none has this name. */
const NOBODY: readonly string[] = ['ENOTFOUND', 'ENODATA'];

const TRY_MS = 3_000;

/** Asks public DNS for name servers; a name that has none has an empty list. */
export function publicNameServers(resolvers: readonly string[] = PUBLIC): NameServers {
  return async (name, signal) => {
    const resolver = new Resolver({ timeout: TRY_MS, tries: 2 });
    resolver.setServers(resolvers);
    const end = (): void => {
      resolver.cancel();
    };
    signal.addEventListener('abort', end);
    try {
      return await resolver.resolveNs(name);
    } catch (cause) {
      if (NOBODY.some((code) => isSystemError(cause, code))) return [];
      throw cause;
    } finally {
      signal.removeEventListener('abort', end);
    }
  };
}
