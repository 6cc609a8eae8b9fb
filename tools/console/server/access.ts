import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused; its sender learns no more than this. */
export class Refused extends Error {
  readonly status: 401 | 403 | 421;

  constructor(status: 401 | 403 | 421, message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}

/** Says who may look: whoever has the token, from a page of the console itself. */
export class Access {
  /** `address:port`, as browsers write it. */
  readonly #host: string;
  readonly #token: Buffer;
  readonly #session: string;
  readonly #cookie: string;

  constructor(listen: { readonly address: string; readonly port: number }, token: string) {
    this.#host = `${listen.address}:${listen.port}`;
    this.#token = digestOf(token);
    // Follows from the token, so that it outlives the process and ends with the token.
    this.#session = createHmac('sha256', token)
      .update('session of the console')
      .digest('base64url');
    // Cookies do not tell ports apart, and another user of the machine may have a console too.
    this.#cookie = `meridian-console-${listen.port}`;
  }

  /**
   * A page of somebody else must not reach this one by a name that leads here (DNS rebinding), nor send it anything.
   *
   * @throws {Refused} 421 for another host, 403 for another origin
   */
  checkSender({ host, origin, ...headers }: IncomingHttpHeaders): void {
    if (host !== this.#host) {
      throw new Refused(
        421,
        `Host must be ${this.#host}; open the address that 'npm start' prints`,
      );
    }
    const site = headers['sec-fetch-site'];
    const isOurs = origin === undefined || origin === `http://${this.#host}`;
    const isSame = site === undefined || site === 'same-origin' || site === 'none';
    if (!isOurs || !isSame) throw new Refused(403, 'Only pages of the console may ask it');
  }

  /**
   * Exchanges the token for a cookie, which no script can read.
   *
   * @throws {Refused} 401
   */
  signIn(token: string, { origin }: IncomingHttpHeaders): string {
    if (origin === undefined) throw new Refused(403, 'Only pages of the console may ask it');
    if (!timingSafeEqual(digestOf(token.trim()), this.#token)) {
      throw new Refused(
        401,
        "The token is not the console's; open the address that 'npm start' prints",
      );
    }
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @throws {Refused} 401 */
  checkSession({ cookie = '' }: IncomingHttpHeaders): void {
    const given = cookie
      .split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${this.#cookie}=`))
      ?.slice(this.#cookie.length + 1);
    const isGood = given !== undefined && timingSafeEqual(digestOf(given), digestOf(this.#session));
    if (!isGood) {
      throw new Refused(401, "No session; open the address that 'npm start' prints");
    }
  }
}

/** Of one length, whatever was given. */
function digestOf(text: string): Buffer {
  return createHmac('sha256', 'length').update(text).digest();
}
