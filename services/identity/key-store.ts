import type { Session } from '@meridian/kit/postgres/database.ts';
import { ACCESS_TOKEN_LIFETIME_SECONDS, CLOCK_LEEWAY_SECONDS } from './lifetimes.ts';

/** A public key of a replica. */
export interface PublicKey {
  readonly kid: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
}

/** How long after its last use a key is still needed. */
const AFTERLIFE_SECONDS = ACCESS_TOKEN_LIFETIME_SECONDS + CLOCK_LEEWAY_SECONDS;

/** The public keys of all replicas in PostgreSQL. */
export class KeyStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Lists a key that will sign until `notAfter` at most; doing it again changes nothing. */
  async publish({ kid, publicKey }: PublicKey, notAfter: Date): Promise<void> {
    await this.#session.query({
      name: 'publish_signing_key',
      text: `
        INSERT INTO signing_keys (kid, public_key, expire_time)
        VALUES ($1, $2, $3::timestamptz + make_interval(secs => $4))
        ON CONFLICT (kid) DO UPDATE SET expire_time = excluded.expire_time`,
      values: [kid, publicKey, notAfter.toISOString(), AFTERLIFE_SECONDS],
    });
  }

  /** Says that a key signs no more; it stays listed for the tokens that it signed. */
  async retire(kid: string): Promise<void> {
    await this.#session.query({
      name: 'retire_signing_key',
      text: `
        UPDATE signing_keys
        SET expire_time = least(expire_time, now() + make_interval(secs => $2))
        WHERE kid = $1`,
      values: [kid, AFTERLIFE_SECONDS],
    });
  }

  /** Every key that may have signed a token which is still good, the newest last. */
  async list(): Promise<readonly PublicKey[]> {
    const rows = await this.#session.query<{ kid: string; public_key: Buffer }>({
      name: 'list_signing_keys',
      text: `
        SELECT kid, public_key FROM signing_keys
        WHERE expire_time > now() ORDER BY publish_time, kid`,
    });
    return rows.map((row) => ({ kid: row.kid, publicKey: row.public_key }));
  }

  /** Drops keys whose last token has expired. */
  async removeExpired(): Promise<void> {
    await this.#session.query({
      name: 'remove_expired_signing_keys',
      text: 'DELETE FROM signing_keys WHERE expire_time < now()',
    });
  }
}
