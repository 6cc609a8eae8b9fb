import { binding } from '@meridian/language/bindings.ts';
import { PROBE_USER } from './search-grants.ts';
import type { SearchGrant } from './search-grants.ts';

/** Identity folder of a process towards Elasticsearch, with the authority that it trusts there. */
export const SEARCH_IDENTITY_FOLDER = 'elasticsearch-tls';

/** What who asks how the nodes are is bound to: no index at all, though a binding names one. */
export const PROBE_GRANT = { index: '_all', user: PROBE_USER } as const;

/** Where the cluster is, and where a service finds its password. */
export interface SearchPlace {
  readonly host: string;
  readonly port: number;
  /** Relative to the working folder of the process, or absolute. */
  readonly passwordFile: string;
}

/** The properties of a service's binding to its index; the password is not part of them. */
export function searchBinding(
  { index, user }: Pick<SearchGrant, 'index' | 'user'>,
  { host, port, passwordFile }: SearchPlace,
): Readonly<Record<string, string>> {
  return binding('elasticsearch', {
    host,
    port: String(port),
    index,
    username: user,
    'password-file': passwordFile,
    'tls-folder': SEARCH_IDENTITY_FOLDER,
  });
}
