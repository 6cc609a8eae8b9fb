import { randomUUID } from 'node:crypto';
import type { Heard } from './answer-under-trouble.ts';
import { send } from './merchant.ts';
import type { Answer, PlatformUnderTest } from './platform-under-test.ts';

/** Far below the five minutes of an access token, so that sessions are refreshed while things break. */
const RENEWED_AFTER_MS = 5_000;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * Asks the edge with an idempotency key, again and again under the same one, as RFC 9110 (section
 * 10.2.3) and the key have it, until there is a success; every answer is kept in `heard`.
 */
export async function untilDone(
  ask: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  heard: Heard[],
  pause: () => Promise<void>,
): Promise<Answer> {
  const headers = { 'idempotency-key': `"${randomUUID()}"` };
  for (;;) {
    try {
      const answer = await ask(headers);
      heard.push(answer);
      if (answer.status === 200 || answer.status === 201) return answer;
    } catch (error) {
      heard.push({ broken: String(error) });
    }
    await pause();
  }
}

/** One sign-in at the edge, kept by refreshing: whoever has signed in once is not asked again. */
export class KeptSession {
  readonly #platform: PlatformUnderTest;
  readonly #credentials: { readonly email: string; readonly password: string };
  readonly #heard: Heard[];
  readonly #pause: () => Promise<void>;
  #tokens: Promise<Tokens> | undefined;
  #renewedAt = 0;

  constructor(
    platform: PlatformUnderTest,
    credentials: { readonly email: string; readonly password: string },
    heard: Heard[],
    pause: () => Promise<void>,
  ) {
    this.#platform = platform;
    this.#credentials = credentials;
    this.#heard = heard;
    this.#pause = pause;
  }

  /** An access token that is good for minutes. */
  async accessToken(): Promise<string> {
    if (this.#tokens === undefined) {
      this.#renewedAt = Date.now();
      this.#tokens = this.#renewed('/v1/sessions', this.#credentials);
    } else if (Date.now() - this.#renewedAt > RENEWED_AFTER_MS) {
      this.#renewedAt = Date.now();
      this.#tokens = this.#tokens.then(
        async ({ refreshToken }) => await this.#renewed('/v1/sessions:refresh', { refreshToken }),
      );
    }
    return (await this.#tokens).accessToken;
  }

  async #renewed(target: string, body: object): Promise<Tokens> {
    const answer = await untilDone(
      (headers) => send(this.#platform, 'POST', target, body, { headers }),
      this.#heard,
      this.#pause,
    );
    return (JSON.parse(answer.body) as { readonly tokens: Tokens }).tokens;
  }
}
