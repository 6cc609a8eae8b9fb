import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Headers, Response } from 'undici';
import { LookupFailure } from './lookup-failure.ts';

/** How long an answer may take, its body included. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Source: RFC 9110, section 15.4 */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
export const MOST_REDIRECTS = 5;

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Names of this machine, where plain HTTP shows nothing to anybody else; Docker has the same rule. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a host, with or without a port, is this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.replace(/:\d+$/, ''));
}

/**
 * Gets an address, with redirects, through the proxy that the environment names. Every step of the way
 * is encrypted, and what authorises the first host is not shown to another one.
 *
 * @throws {LookupFailure} when nobody answers in time, or the body is larger than that
 */
export async function boundedGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  largestBytes: number,
): Promise<Answer> {
  const agent = new EnvHttpProxyAgent();
  try {
    let [place, shown] = [url, headers];
    for (let step = 0; step <= MOST_REDIRECTS; step += 1) {
      const answer = await getOnce(place, shown, { agent, largestBytes });
      const location = answer.headers.get('location');
      if (!REDIRECTS.has(answer.status) || location === null) return answer;
      if (!URL.canParse(location, place.href)) {
        throw new LookupFailure(
          `${place.host} redirects to '${location}', which is not an address`,
        );
      }
      const next = new URL(location, place);
      if (next.origin !== place.origin) shown = withoutAuthorization(shown);
      place = next;
    }
    throw new LookupFailure(`${url.host} redirects more than ${MOST_REDIRECTS} times`);
  } finally {
    await agent.destroy();
  }
}

interface GetOptions {
  readonly agent: EnvHttpProxyAgent;
  readonly largestBytes: number;
}

async function getOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { agent, largestBytes }: GetOptions,
): Promise<Answer> {
  checkEncrypted(url);
  try {
    const response = await fetch(url, {
      headers: { ...headers },
      redirect: 'manual',
      dispatcher: agent,
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const body = await readBody(response, largestBytes);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    throw error instanceof LookupFailure ? error : unreachable(url, error, ANSWER_TIMEOUT_MS);
  }
}

function withoutAuthorization(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}

/** All of a body. Throws LookupFailure where it is larger than that. */
export async function readBody({ body, url }: Response, largestBytes: number): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (received > largestBytes) {
      throw new LookupFailure(`${new URL(url).host} sends more than ${largestBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Throws LookupFailure where what is sent there could be read on its way. */
export function checkEncrypted({ protocol, host }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(host))) return;
  throw new LookupFailure(`${host} must be asked over HTTPS, got '${protocol}//'`);
}

/** undici says only that it failed; what happened to the connection is the cause. */
export function unreachable({ host }: URL, error: unknown, timeoutMs: number): LookupFailure {
  const { name, cause } = error as Error;
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
  const why = name === 'TimeoutError' ? `no answer in ${timeoutMs} ms` : (code ?? message);
  return new LookupFailure(`${host} cannot be reached (${why})`, { cause: error });
}
