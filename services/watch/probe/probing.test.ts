import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import pino from 'pino';
import { probeAccount } from './probe-account.ts';
import { registerProbeMetrics } from './probe-metrics.ts';
import { probe, untilNextMs } from './probing.ts';
import type { Probing } from './probing.ts';

const registry = () => {
  const made = new Registry<OpenMetricsContentType>();
  made.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return made;
};

describe('the metrics of a probe', () => {
  test('are there at 0 before anything is attempted, for each operation and outcome', async () => {
    const all = registry();
    registerProbeMetrics(all);
    const text = await all.metrics();
    expect(text.match(/^probe_attempts_total\{.*\} 0$/gm)).toHaveLength(8);
    expect(text.match(/^probe_duration_seconds_count\{.*\} 0$/gm)).toHaveLength(2);
  });

  test('say how long ago the platform answered, whatever it answered, and since the start before', async () => {
    const all = registry();
    let now = 5_000;
    const note = registerProbeMetrics(all, () => now);
    const ages = async () => {
      const text = await all.metrics();
      return [...text.matchAll(/^probe_last_answer_age_seconds\{operation="(\w+)"\} (\d+)/gm)].map(
        ([, operation, age]) => `${operation} ${age}`,
      );
    };
    now += 20_000;
    expect(await ages()).toEqual(['read 20', 'write 20']);
    note('read', 'failed', 0.1);
    note('write', 'unreachable', 10);
    now += 3_000;
    expect(await ages()).toEqual(['read 3', 'write 23']);
    const text = await all.metrics();
    expect(text).toContain('probe_attempts_total{operation="read",outcome="failed"} 1\n');
    expect(text).toContain('probe_duration_seconds_count{operation="write"} 0\n');
  });
});

describe('a probe', () => {
  const answer = (status: number) => Promise.resolve({ status, headers: {}, text: '' });

  test('comes at moments that zones do not share', () => {
    const at = (phase: number, nowMs: number) => untilNextMs({ intervalMs: 15_000, phase }, nowMs);
    const minute = 60_000;
    const delays = [at(0, minute), at(1 / 3, minute), at(2 / 3, minute)];
    expect(delays).toEqual([15_000, 5_000, 10_000]);
    expect(at(0, minute - 50)).toBe(15_050);
  });

  test('goes on whatever comes of it, tells of changes alone, and ends at once', async () => {
    const stopped = new AbortController();
    const outcomes: string[] = [];
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const answers = [answer(200), Promise.reject(new Error('refused')), answer(503), answer(200)];
    answers[1]?.catch(() => undefined);
    const probing: Probing = {
      ...{ operation: 'read', intervalMs: 150, phase: 0 },
      attempt: () => answers.shift() ?? answer(200),
    };
    const note = (_operation: string, outcome: string) => {
      outcomes.push(outcome);
      if (outcomes.length === 5) stopped.abort();
    };
    await probe(probing, { note, log, signal: stopped.signal });
    expect(outcomes).toEqual(['ok', 'unreachable', 'unreachable', 'ok', 'ok']);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('"reason":"refused"');
  });

  test('has an account that follows from its password, so that a new one is another', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-account-'));
    try {
      const file = join(folder, 'probe-b');
      const of = (text: string) => {
        writeFileSync(file, text);
        return probeAccount('b', file);
      };
      const first = of('a-secret\n');
      expect(first.password).toBe('a-secret');
      expect(first.email).toMatch(/^probe-b-[0-9a-f]{12}@meridian\.invalid$/);
      expect(of('a-newer-secret\na-secret\n').email).not.toBe(first.email);
      expect(() => of('')).toThrow('no password');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
