import { setTimeout as pause } from 'node:timers/promises';
import type { LogSource } from './log-source.ts';
import { MOST_BUNDLE_BYTES, tilePath } from './tiles.ts';

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
const TIMEOUT_MS = 30_000;

/** A log that is served over HTTP (C2SP tlog-tiles, "APIs"). What fails for a moment is asked for again. */
export class HttpLog implements LogSource {
  readonly #prefix: string;

  /** @param prefix with or without a slash at its end */
  constructor(prefix: URL) {
    this.#prefix = prefix.href.replace(/\/*$/, '/');
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#get('checkpoint');
  }

  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#get(tilePath(level, index, width));
  }

  entries(index: number, width: number): Promise<Uint8Array | undefined> {
    return this.#get(tilePath('entries', index, width));
  }

  async #get(name: string): Promise<Uint8Array | undefined> {
    const url = `${this.#prefix}${name}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await get(url);
      } catch (error) {
        const final = error instanceof LogServerError && !error.passing;
        if (attempt === ATTEMPTS || final) throw error;
        await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }
}

/** The server of a log does not give what is asked for; nothing is said of the log by that. */
export class LogServerError extends Error {
  override readonly name: string = 'LogServerError';
  /** Whether it may be another in a moment. */
  readonly passing: boolean;

  constructor(message: string, options: ErrorOptions & { readonly passing: boolean }) {
    super(message, options);
    this.passing = options.passing;
  }
}

async function get(url: string): Promise<Uint8Array | undefined> {
  const answer = await ask(url);
  if (answer.ok) return bytesOf(answer, url);
  await answer.body?.cancel();
  // 410 for what was pruned.
  if (answer.status === 404 || answer.status === 410) return undefined;
  throw new LogServerError(
    `Log at '${url}': must answer 200 or 404, got ${answer.status}; see what its server says.`,
    { passing: answer.status >= 500 || answer.status === 429 },
  );
}

async function ask(url: string): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    // fetch says no more than that it failed; what failed is the cause of that.
    const { cause: why = cause } = cause as Error;
    throw new LogServerError(
      `Log at '${url}': must be reachable, got ${String(why)}; see whether its server runs, and whether the URL is right.`,
      { cause, passing: true },
    );
  }
}

/** No more than the largest resource of a log can have: a server that is not believed must not fill the memory. */
async function bytesOf(answer: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = answer.body ?? [];
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MOST_BUNDLE_BYTES) {
      throw new LogServerError(
        `Log at '${url}': must answer with at most ${MOST_BUNDLE_BYTES} bytes, got more; it is not a log of this format.`,
        { passing: false },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
