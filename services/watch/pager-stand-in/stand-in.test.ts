import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { StandInProcess } from '@meridian/kit/testing/stand-in-process.ts';
import type { Incident } from './incidents.ts';

const KEY = '0123456789abcdef0123456789abcdef';

let folder: string;
let standIn: StandInProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-pager-'));
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  standIn = new StandInProcess(
    main,
    folder,
    { 'routing-key': KEY },
    {
      name: 'pager-stand-in',
      behaviour: { throttledPercent: 0, failingPercent: 0, heartbeatSeconds: 1 },
    },
  );
  await standIn.restart();
});

afterAll(async () => {
  await standIn.stop();
  rmSync(folder, { recursive: true });
});

const payload = { summary: 'Shoppers wait', source: 'meridian', severity: 'critical' };
const trigger = { routing_key: KEY, event_action: 'trigger', payload };

async function post(path: string, body: unknown): Promise<{ status: number; answer: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${standIn.uri}${path}`, { method: 'POST', body: text });
  return { status: response.status, answer: await response.json() };
}

const enqueue = (body: unknown) => post('/v2/enqueue', body);

async function incidents(): Promise<readonly Incident[]> {
  const response = await fetch(`${standIn.uri}/stand-in/incidents`);
  return ((await response.json()) as { readonly incidents: readonly Incident[] }).incidents;
}

describe('an incident', () => {
  test('begins with a trigger, is one however often that comes, and ends once', async () => {
    const key = { dedup_key: 'one' };
    const first = await enqueue({ ...trigger, ...key });
    expect(first).toEqual({
      status: 202,
      answer: { status: 'success', message: 'Event processed', dedup_key: 'one' },
    });
    await enqueue({ ...trigger, ...key });
    await enqueue({ routing_key: KEY, event_action: 'acknowledge', ...key });
    await enqueue({ routing_key: KEY, event_action: 'resolve', ...key });
    await enqueue({ routing_key: KEY, event_action: 'resolve', ...key });
    expect(await incidents()).toMatchObject([
      { dedupKey: 'one', status: 'resolved', triggers: 2, payload: { summary: 'Shoppers wait' } },
    ]);
  });

  test('is known after a restart, and another one after its end', async () => {
    await standIn.restart();
    await enqueue({ ...trigger, dedup_key: 'one' });
    expect((await incidents()).map(({ status }) => status)).toEqual(['resolved', 'triggered']);
  });

  test('gets a key from the receiver where the sender gives none', async () => {
    const { answer } = await enqueue(trigger);
    const { dedup_key: key } = answer as { readonly dedup_key: string };
    expect((await incidents()).at(-1)?.dedupKey).toBe(key);
  });
});

describe('what PagerDuty refuses', () => {
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      'a key of another length',
      { ...trigger, routing_key: 'short' },
      ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    ],
    [
      'a key that nobody has',
      { ...trigger, routing_key: 'f'.repeat(32) },
      ["'routing_key' is not known"],
    ],
    [
      'an action that there is not',
      { ...trigger, event_action: 'open' },
      [
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
        "'dedup_key' is missing or blank",
      ],
    ],
    [
      'an end without a key',
      { routing_key: KEY, event_action: 'resolve' },
      ["'dedup_key' is missing or blank"],
    ],
    [
      'a payload without its fields, and with a severity of its own',
      { ...trigger, payload: { severity: 'page' } },
      [
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is invalid (must be one of the following: 'critical', 'error', 'warning' or 'info')",
      ],
    ],
    [
      'a summary that is too long',
      { ...trigger, payload: { ...payload, summary: 'x'.repeat(1_025) } },
      ["'payload.summary' is too long (maximum is 1024 characters)"],
    ],
    [
      'a key of a fault that is too long',
      { ...trigger, dedup_key: 'x'.repeat(256) },
      ["'dedup_key' is too long (maximum is 255 characters)"],
    ],
  ];

  test.each(cases)('%s', async (_what, body, errors) => {
    const before = await incidents();
    expect(await enqueue(body)).toEqual({
      status: 400,
      answer: { status: 'invalid event', message: 'Event object is invalid', errors },
    });
    expect(await incidents()).toEqual(before);
  });

  test('what is not JSON, and what is larger than 512 kB', async () => {
    expect(await enqueue('{')).toMatchObject({
      status: 400,
      answer: { errors: expect.arrayContaining(['JSON parse error']) as unknown },
    });
    const large = {
      ...trigger,
      payload: { ...payload, custom_details: { x: 'x'.repeat(524_288) } },
    };
    expect((await enqueue(large)).status).toBe(413);
  });
});

test('a heartbeat that stops is an incident, once, and its next beat is the end of it', async () => {
  const missing = async () =>
    (await incidents()).filter(({ dedupKey }) => dedupKey === 'heartbeat');
  expect((await post('/heartbeat', { status: 'resolved' })).status).toBe(400);
  expect((await post('/heartbeat', { status: 'firing' })).status).toBe(200);
  expect(await missing()).toEqual([]);
  await eventually(async () => {
    expect(await missing()).toMatchObject([{ status: 'triggered', triggers: 1 }]);
  }, 30_000);
  await post('/heartbeat', { status: 'firing' });
  expect(await missing()).toMatchObject([{ status: 'resolved', triggers: 1 }]);
});
