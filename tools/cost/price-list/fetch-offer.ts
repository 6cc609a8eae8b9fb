import { EnvHttpProxyAgent, fetch } from 'undici';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isLoopback } from '../../pins/bounded-get.ts';

/** AWS's public price list: no credential is needed. */
export const PRICE_LIST = new URL('https://pricing.us-east-1.amazonaws.com/');

/** How long nothing may come, at first and between two parts. */
const SILENCE_MS = 60_000;
/** After so much more it is told how far reading is. */
const PROGRESS_BYTES = 50_000_000;

/** Where a service's part of the list is, of one region. */
export function offerUrl(from: URL, service: string, region: string): URL {
  return new URL(`offers/v1.0/aws/${service}/current/${region}/index.json`, from);
}

/**
 * Gets an offer as it comes, through the proxy that the environment names.
 *
 * @param onProgress hears how many bytes have come
 * @throws {CodedError} PRICES_UNREACHABLE where nobody answers, the answer is a refusal, or the connection ends in its middle
 */
export async function* fetchOffer(
  service: string,
  url: URL,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  if (url.protocol !== 'https:' && !isLoopback(url.host)) {
    throw unreachable(service, url, `must be asked over HTTPS, got '${url.protocol}//'`);
  }
  const agent = new EnvHttpProxyAgent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  try {
    const { ok, status, body } = await fetch(url, { dispatcher: agent, redirect: 'error' });
    if (!ok || body === null) {
      throw unreachable(service, url, `answers with status ${status} for ${url.pathname}`);
    }
    let [bytes, told] = [0, 0];
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes - told >= PROGRESS_BYTES) onProgress((told = bytes));
      yield chunk;
    }
  } catch (error) {
    throw error instanceof CodedError ? error : unreachable(service, url, reasonOf(error), error);
  } finally {
    await agent.destroy();
  }
}

/** undici says only that it failed; what happened to the connection is the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as Error;
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || message === 'aborted'
    ? 'ended the connection in the middle of its answer'
    : `cannot be reached (${code ?? message})`;
}

function unreachable(service: string, { host }: URL, reason: string, cause?: unknown): CodedError {
  return new CodedError(
    'PRICES_UNREACHABLE',
    `Prices of '${service}': ${host} ${reason}; run this again where that host can be reached, or name a proxy in HTTPS_PROXY; the table of prices is as it was`,
    { cause },
  );
}
