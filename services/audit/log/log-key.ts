import type { KeyObject } from 'node:crypto';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { SigningKey, SigningKeyMaterial } from '@meridian/kit/tls/signing-key.ts';
import type { Publication } from '../publication/publication.ts';
import { noteKeyOf } from './checkpoint-note.ts';

/**
 * The key that heads of a log are signed with. It is recorded and published before its first head, so that
 * every head can be checked for as long as there is one.
 */
export class LogKey {
  readonly #key: Pick<SigningKey, 'current'>;
  /** Fingerprint of the certificate that is recorded and published. */
  #known: string | undefined;

  constructor(key: Pick<SigningKey, 'current'>) {
    this.#key = key;
  }

  /** The newest key, ready to sign; throws where its certificate has expired. */
  async ready(
    session: Session,
    publication: Publication,
    log: number,
    origin: string,
  ): Promise<KeyObject> {
    const { current } = this.#key;
    if (this.#known !== current.fingerprint) {
      await introduce(session, publication, log, origin, current);
      this.#known = current.fingerprint;
    }
    // Asked last: to introduce it takes time.
    if (current.notAfter.getTime() > Date.now()) return current.privateKey;
    throw new Error(
      `Key of log '${origin}': its certificate must be valid, got one that expired at ${current.notAfter.toISOString()}`,
    );
  }
}

async function introduce(
  session: Session,
  publication: Publication,
  log: number,
  origin: string,
  { certificateChain }: SigningKeyMaterial,
): Promise<void> {
  const [leaf] = certificateChain;
  if (leaf === undefined) throw new Error(`Key of log '${origin}': must have a certificate`);
  const { keyId, vkey } = noteKeyOf(origin, leaf.publicKey);
  const chainPem = certificateChain.map((certificate) => certificate.toString()).join('');
  const [kept] = await session.query<{ readonly vkey: string }>({
    name: 'audit_add_key',
    text: `WITH added AS (INSERT INTO log_keys (key_id, log, vkey, chain) VALUES ($1, $2, $3, $4)
                          ON CONFLICT (key_id) DO NOTHING RETURNING vkey)
           SELECT vkey FROM added UNION ALL SELECT vkey FROM log_keys WHERE key_id = $1`,
    values: [keyId, log, vkey, chainPem],
  });
  // Ids have 32 bits, so two keys may have one; the next renewal makes another.
  if (kept?.vkey !== vkey) {
    throw new Error(
      `Key ${keyId} of log '${origin}': must have an id of its own, got another key's`,
    );
  }
  await publication.publishKey({ keyId, vkey, chainPem });
}
