import { getCACertificates } from 'node:tls';
import { EdgeClient } from '../../shop/edge-client.ts';
import { unusable } from '../reach.ts';
import type { Reach } from '../reach.ts';
import { rootGiven } from '../root-given.ts';

/** As many as a verification asks for at once. */
const CONNECTIONS = 10;
/** A page has a megabyte of data at most, which is there twice and as JSON. */
const ANSWER_BYTES_MAX = 32 * 2 ** 20;

/**
 * The public API at an address, trusted by public authorities or by the platform's own root.
 *
 * @throws {CodedError} AUDIT_OPTION_UNUSABLE, AUDIT_FILE_UNREADABLE
 */
export function openEdge(url: string, { root }: Pick<Reach, 'root'>): EdgeClient {
  const { protocol, origin, pathname } = URL.canParse(url) ? new URL(url) : {};
  // What is sent there is a password or a token.
  if (protocol !== 'https:' || origin === undefined || pathname !== '/') {
    throw unusable(
      '--url',
      "be the address of a platform's API such as https://meridian.example, by https and without a path",
      `'${url}'`,
      'give it so',
    );
  }
  // Those of NODE_EXTRA_CA_CERTS too.
  const own = root === undefined ? [] : [rootGiven(root)];
  return new EdgeClient({
    origin,
    ca: [...getCACertificates('default'), ...own],
    connections: CONNECTIONS,
    answerBytesMax: ANSWER_BYTES_MAX,
  });
}
