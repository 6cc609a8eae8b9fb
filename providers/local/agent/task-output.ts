import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Child } from './child.ts';
import type { LogFile } from './log-file.ts';
import type { RunEvent } from './status.ts';

/** Sends a task's output line by line as NDJSON, no faster than the reader takes it, and logs it. */
export async function sendOutput(
  child: Child,
  response: ServerResponse,
  log: LogFile,
): Promise<void> {
  await Promise.all([
    sendLines('stdout', child.stdout, response, log),
    sendLines('stderr', child.stderr, response, log),
  ]);
}

/** Sends one event; waits while the reader is behind, until it goes away. */
export async function sendEvent(response: ServerResponse, event: RunEvent): Promise<void> {
  if (response.destroyed || response.write(`${JSON.stringify(event)}\n`)) {
    return;
  }
  const settled = new AbortController();
  await Promise.race([
    once(response, 'drain', { signal: settled.signal }),
    once(response, 'close', { signal: settled.signal }),
  ]);
  settled.abort();
}

async function sendLines(
  stream: 'stdout' | 'stderr',
  source: Readable,
  response: ServerResponse,
  log: LogFile,
): Promise<void> {
  const lines = createInterface({ input: source, crlfDelay: Infinity });
  // A pipe that is given up closes without having ended.
  source.once('close', () => lines.close());
  for await (const line of lines) {
    log.write(`${line}\n`);
    await sendEvent(response, { stream, line });
  }
}
