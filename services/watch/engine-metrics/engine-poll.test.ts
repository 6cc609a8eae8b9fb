import { setImmediate as settled } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { Registry } from 'prom-client';
import type { OpenMetricsContentType } from 'prom-client';
import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { pollEngine } from './engine-poll.ts';
import type { EngineAnswer } from './engine-poll.ts';

const NEVER_MS = 3_600_000;

describe('an engine that is asked', () => {
  let registry: Registry<OpenMetricsContentType>;
  let stopped: AbortController;
  let questions: PromiseWithResolvers<EngineAnswer>[];
  let lines: string[];

  beforeEach(() => {
    registry = new Registry<OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    stopped = new AbortController();
    questions = [];
    lines = [];
  });
  afterEach(() => stopped.abort());

  const clients = () =>
    gauge(registry, { name: ENGINE_METRICS.redisClients.name, help: 'What it said' });
  const answer = (value: number, there = ['redis']): EngineAnswer => ({
    there,
    show: () => clients().set(value),
  });
  const series = async () =>
    (await registry.metrics()).split('\n').filter((line) => /^[a-z].* \d+$/.test(line));

  /** Asks again after so long at most. */
  const ask = (bounds: { intervalMs: number; timeoutMs: number }) =>
    pollEngine(
      {
        ...{ engine: 'redis', nodes: ['redis', 'other'] },
        ask: () => {
          const question = Promise.withResolvers<EngineAnswer>();
          questions.push(question);
          return question.promise;
        },
        forget: () => clients().remove(),
      },
      {
        ...bounds,
        up: gauge(registry, { name: ENGINE_METRICS.engineUp.name, help: '1 for one that answers' }),
        log: pino({}, { write: (line: string) => lines.push(line) }),
        signal: stopped.signal,
      },
    );
  const up = (redis: 0 | 1, other: 0 | 1) => [
    `engine_up{engine="redis",node="redis"} ${redis}`,
    `engine_up{engine="redis",node="other"} ${other}`,
  ];

  test('is told of by what it says in time, each of its processes by itself', async () => {
    void ask({ intervalMs: NEVER_MS, timeoutMs: NEVER_MS });
    expect(await series()).toEqual([]);
    questions[0]?.resolve(answer(7));
    await eventually(async () =>
      expect((await series()).toSorted()).toEqual(
        [...up(1, 0), 'redis_connected_clients 7'].toSorted(),
      ),
    );
  });

  test('changes nothing by an answer that comes after its time', async () => {
    void ask({ intervalMs: NEVER_MS, timeoutMs: 10 });
    await eventually(async () => expect(await series()).toEqual(up(0, 0)));
    questions[0]?.resolve(answer(7, ['redis', 'other']));
    await settled();
    expect(await series()).toEqual(up(0, 0));
  });

  test('changes nothing by an answer to an earlier question, whatever the next one came to', async () => {
    void ask({ intervalMs: 1, timeoutMs: 100 });
    await eventually(() => expect(questions.length).toBeGreaterThan(1));
    await eventually(async () => {
      questions.at(-1)?.resolve(answer(2));
      expect(await series()).toContain('redis_connected_clients 2');
    });
    stopped.abort();
    questions[0]?.resolve(answer(1));
    await settled();
    expect(await series()).toContain('redis_connected_clients 2');
  });

  test('changes nothing by an answer that comes when nobody asks any more', async () => {
    const asking = ask({ intervalMs: NEVER_MS, timeoutMs: NEVER_MS });
    stopped.abort();
    questions[0]?.resolve(answer(7));
    await asking;
    expect(await series()).toEqual([]);
  });

  test('is told of once as away and once as back, and an error that comes late ends nothing', async () => {
    const asking = ask({ intervalMs: 1, timeoutMs: 10 });
    await eventually(() => expect(questions.length).toBeGreaterThan(2));
    questions[0]?.reject(new Error('too late'));
    const told = () => lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(told()).toEqual(['the engine is away']);
    await eventually(() => {
      questions.at(-1)?.resolve(answer(7));
      expect(told()[1]).toBe('the engine answers again');
    });
    stopped.abort();
    await asking;
  });
});
