import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Child } from './child.ts';
import type { LogFile } from './log-file.ts';
import type { RunEvent } from '../api/status.ts';
import { isSystemError } from '@meridian/language/thrown.ts';

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
  for await (const line of linesOf(source)) {
    log.write(`${line}\n`);
    await sendEvent(response, { stream, line });
  }
}

/** Not node:readline: its iterator throws when the source closes while a slow reader is behind. */
async function* linesOf(source: Readable): AsyncGenerator<string, void, undefined> {
  source.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of source as AsyncIterable<string>) {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (thrown) {
    // A pipe that is given up closes without having ended.
    if (!isSystemError(thrown, 'ERR_STREAM_PREMATURE_CLOSE')) throw thrown;
  }
  if (rest !== '') yield rest;
}
