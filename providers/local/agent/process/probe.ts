import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeSpec } from '../../process-spec.ts';

/** An answer that takes longer is a failure. */
const PROBE_TIMEOUT_MS = 2000;
const INTERVAL_READY_MS = 2000;
const INTERVAL_NOT_READY_MS = 150;
/** Failures in a row that make a ready process unready. */
const FAILURES_ALLOWED = 3;

/** Asks once whether a process is ready. */
export function probe(spec: ProbeSpec): Promise<boolean> {
  switch (spec.kind) {
    case 'http':
      return probeHttp(spec.url);
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
  ended: AbortSignal,
  changed: (ready: boolean) => void,
): Promise<void> {
  let ready = false;
  let failures = 0;
  while (!ended.aborted) {
    const answer = await probe(spec());
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

function probeHttp(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', () => resolve(false));
  });
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
