import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '@meridian/language/thrown.ts';
import { expandPlaceholders } from '../../folders.ts';
import type { Placeholders } from '../../folders.ts';
import type { ProbeSpec } from '../../process-spec.ts';

/** An answer that takes longer is a failure. */
const PROBE_TIMEOUT_MS = 2000;
const INTERVAL_READY_MS = 2000;
const INTERVAL_NOT_READY_MS = 150;
/** Failures in a row that make a ready process unready. */
const FAILURES_ALLOWED = 3;

/** Asks once whether a process is ready. */
export function probe(spec: ProbeSpec, placeholders: Placeholders): Promise<boolean> {
  switch (spec.kind) {
    case 'http':
      return succeeds((answered) =>
        get(spec.url, { agent: false, timeout: PROBE_TIMEOUT_MS }, answered),
      );
    case 'https':
      return probeSecurely(spec, placeholders);
    case 'tcp':
      return probeTcp(spec.address, spec.port);
    case 'none':
      return Promise.resolve(true);
  }
}

/**
 * Asks again and again until `ended` and tells of each change between ready and not ready. The spec is
 * asked for each time, because it may change under a running process.
 */
export async function watchReadiness(
  spec: () => ProbeSpec,
  placeholders: Placeholders,
  ended: AbortSignal,
  changed: (ready: boolean) => void,
): Promise<void> {
  let ready = false;
  let failures = 0;
  while (!ended.aborted) {
    const answer = await probe(spec(), placeholders);
    // Read again: the process may have ended while it was asked.
    if (isAborted(ended)) {
      return;
    }
    failures = answer ? 0 : failures + 1;
    if (answer !== ready && (answer || failures >= FAILURES_ALLOWED)) {
      ready = answer;
      changed(ready);
    }
    await delayUntil(ready ? INTERVAL_READY_MS : INTERVAL_NOT_READY_MS, ended);
  }
}

/** Waits, but not longer than until `ended`. */
export async function delayUntil(delayMs: number, ended: AbortSignal): Promise<void> {
  try {
    await delay(delayMs, undefined, { signal: ended });
  } catch (thrown) {
    if (!ended.aborted) {
      throw thrown;
    }
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Whether a request is answered with a status of success. */
function succeeds(
  send: (answered: (response: IncomingMessage) => void) => ClientRequest,
): Promise<boolean> {
  return new Promise((resolve) => {
    const request = send((response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', () => resolve(false));
  });
}

/** Files are read each time: certificates are renewed, and passwords changed. */
async function probeSecurely(
  { url, identity, user }: Extract<ProbeSpec, { kind: 'https' }>,
  placeholders: Placeholders,
): Promise<boolean> {
  const folder = join(placeholders.self, identity);
  const files = [
    ...['tls.crt', 'tls.key', 'ca.crt'].map((name) => join(folder, name)),
    ...(user === undefined ? [] : [expandPlaceholders(user.passwordFile, placeholders)]),
  ];
  try {
    const [cert, key, ca, password = ''] = await Promise.all(
      files.map((file) => readFile(file, 'utf8')),
    );
    const auth = user === undefined ? {} : { auth: `${user.name}:${password.trim()}` };
    const options = { cert, key, ca, ...auth };
    return await succeeds((answered) =>
      getSecurely(url, { ...options, agent: false, timeout: PROBE_TIMEOUT_MS }, answered),
    );
  } catch (thrown) {
    // A file is missing, or makes no sense to TLS.
    if (typeof codeOf(thrown) === 'string') return false;
    throw thrown;
  }
}

function probeTcp(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_TIMEOUT_MS });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
