import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { API_KEY, ProviderProcess, WEBHOOK_SECRET } from '../testing/provider-process.ts';
import { WebhookReceiver } from '../testing/webhook-receiver.ts';
import { isSignedWith, parseSignature } from '../webhook-signature.ts';
import { behaviourOf } from './behaviour.ts';
import { readChances } from './chances.ts';
import { STATEMENT_HEAD } from './statement.ts';

let folder: string;
let receiver: WebhookReceiver;
let standIn: ProviderProcess;
let keys = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-stand-in-'));
  receiver = await WebhookReceiver.start(await TestAuthority.create(), folder);
  standIn = await ProviderProcess.start(join(folder, 'stand-in'), {
    webhooks: { url: receiver.url, caFile: receiver.caFile },
    behaviour: { slowMs: 50 },
  });
});

beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = () => 200;
});

afterAll(async () => {
  await standIn.stop();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

interface Answered {
  readonly id: string;
  readonly status: string;
  readonly decline_code?: string;
  readonly captured: string;
  readonly refunded: string;
}

function charge(source: string, key = `key-${(keys += 1)}`, amount = '1000') {
  const body = { reference: `order of ${key}`, amount, currency: 'EUR', source };
  return standIn.fetch('/v1/charges', { key, body });
}

async function charged(source: string): Promise<Answered> {
  return (await (await charge(source)).json()) as Answered;
}

async function act(id: string, verb: string, body?: unknown) {
  const response = await standIn.fetch(`/v1/charges/${id}/${verb}`, {
    key: `k${(keys += 1)}`,
    body,
  });
  return { code: response.status, ...((await response.json()) as Answered) };
}

test('authorises, captures and refunds in parts, and says so in signed webhooks', async () => {
  const { id, status } = await charged('tok_ok');
  expect(status).toBe('authorized');
  expect(await act(id, 'capture')).toMatchObject({ status: 'captured', captured: '1000' });
  expect(await act(id, 'void')).toMatchObject({ code: 402, decline_code: 'charge_is_captured' });
  expect(await act(id, 'refund', { amount: '400' })).toMatchObject({ refunded: '400' });
  expect(await act(id, 'refund', { amount: '601' })).toMatchObject({
    code: 402,
    decline_code: 'more_than_left',
  });
  expect(await act(id, 'refund', { amount: '600' })).toMatchObject({ status: 'refunded' });
  await eventually(() => expect(receiver.received).toHaveLength(4));
  const { body, headers } = receiver.received[0] ?? { body: Buffer.of(), headers: {} };
  const signature = parseSignature(headers['webhook-signature'] ?? '');
  expect(signature && isSignedWith(body, signature, ['other', WEBHOOK_SECRET])).toBe(true);
  expect(signature && isSignedWith(Buffer.concat([body, body]), signature, [WEBHOOK_SECRET])).toBe(
    false,
  );
});

test('does what a key asks for once, and nothing else under it', async () => {
  const [first, again] = await Promise.all([charge('tok_ok', 'once'), charge('tok_ok', 'once')]);
  expect(await again.json()).toEqual(await first.json());
  expect((await charge('tok_ok', 'once', '999')).status).toBe(409);
  const all = await standIn.fetch(`/v1/charges?reference=${encodeURIComponent('order of once')}`);
  expect(((await all.json()) as { charges: unknown[] }).charges).toHaveLength(1);
});

test('declines by the token, and refuses requests that the API does not have', async () => {
  expect(await charged('tok_insufficient_funds')).toMatchObject({
    status: 'declined',
    decline_code: 'insufficient_funds',
  });
  expect(await charged('card 4242')).not.toHaveProperty('status');
  expect(await charged('pm_17')).toMatchObject({ decline_code: 'invalid_payment_method' });
  expect((await charge('tok_ok', 'zero', '0')).status).toBe(400);
  expect((await charge('tok_ok', 'huge', '9'.repeat(20))).status).toBe(400);
  const stranger = { authorization: 'Bearer no' };
  expect((await fetch(`${standIn.uri}/v1/operations/once`, { headers: stranger })).status).toBe(
    401,
  );
  expect((await standIn.fetch('/v1/operations/never')).status).toBe(404);
});

test('does what times out, loses what is lost until it comes again, and is flaky twice', async () => {
  const patience = (key: string, source: string) => {
    const body = JSON.stringify({ reference: 'r', amount: '1', currency: 'EUR', source });
    const headers = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': key };
    const signal = AbortSignal.timeout(300);
    return fetch(`${standIn.uri}/v1/charges`, { method: 'POST', headers, body, signal });
  };
  const known = async (key: string) => (await standIn.fetch(`/v1/operations/${key}`)).status;
  await expect(patience('t', 'tok_timeout')).rejects.toThrow();
  expect(await known('t')).toBe(200);
  await expect(patience('l', 'tok_timeout_lost')).rejects.toThrow();
  expect(await known('l')).toBe(404);
  expect((await patience('l', 'tok_timeout_lost')).status).toBe(201);
  const flaky = [1, 2, 3].map(() => () => charge('tok_flaky', 'f'));
  const statuses: number[] = [];
  for (const attempt of flaky) statuses.push((await attempt()).status);
  expect(statuses).toEqual([503, 503, 201]);
});

test('sends webhooks twice, never, or before its answer, and again until they are taken', async () => {
  let early = 0;
  await charge('tok_early_webhook', 'early').then(() => (early = receiver.about('early').length));
  expect(early).toBe(1);
  await charge('tok_no_webhook', 'none');
  receiver.answer = () => (receiver.about('again').length < 2 ? 500 : 200);
  await charge('tok_ok', 'again');
  await eventually(() => expect(receiver.about('again')).toHaveLength(2));
  await charge('tok_duplicate', 'twice');
  await eventually(() => expect(receiver.about('twice')).toHaveLength(2));
  const [one, other] = receiver.about('twice');
  expect(one?.body).toEqual(other?.body);
  expect(receiver.about('none')).toEqual([]);
});

test('has forgotten nothing after it was killed, and sends the webhooks that it owes', async () => {
  receiver.answer = () => 503;
  const { id } = await charged('tok_ok');
  await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
  await standIn.stop('SIGKILL');
  appendFileSync(join(standIn.folder, 'data/journal.jsonl'), '{"type":"operation","oper');
  receiver.answer = () => 200;
  await standIn.restart();
  await eventually(() => expect(receiver.types.at(-1)).toBe('charge.authorized'));
  expect(await act(id, 'capture')).toMatchObject({ status: 'captured' });
  await standIn.stop('SIGKILL');
  await standIn.restart();
  const today = new Date().toISOString().slice(0, 10);
  const statement = await (await standIn.fetch(`/v1/statements/${today}`)).text();
  const lines = statement.split('\r\n');
  expect(lines[0]).toBe(STATEMENT_HEAD);
  expect(lines.filter((line) => line.includes(id))).toHaveLength(1);
});

test('is told by a token what to do later, and refuses numbers that it does not know', () => {
  expect(behaviourOf('tok_ok_capture_timeout', 'authorize')).toEqual({});
  expect(behaviourOf('tok_ok_capture_timeout', 'capture')).toEqual({ trouble: 'timeout' });
  expect(behaviourOf('tok_ok_capture_timeout', 'refund')).toEqual({});
  expect(behaviourOf('tok_timeout_lost-7', 'authorize')).toEqual({ trouble: 'timeout_lost' });
  expect(behaviourOf('tok_okay', 'authorize')).toBeUndefined();
  expect(readChances({ declinePercent: 5 })).toMatchObject({ declinePercent: 5, latencyMs: 0 });
  expect(() => readChances({ declinePercent: 101, mood: 1 })).toThrow(/'mood' must be.*0 to 100/);
});
