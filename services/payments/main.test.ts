import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openClient } from '@meridian/kit/clients.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding, writeServiceBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { MainProcess, opsStatus } from '@meridian/kit/testing/main-process.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import type { Pool } from 'pg';
import { PaymentStatus, PaymentsService } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { newOrder } from './testing/payments-under-test.ts';
import { API_KEY, ProviderProcess, WEBHOOK_SECRET } from './testing/provider-process.ts';

let world: DatabaseWorld;
let pool: Pool;
let standIn: ProviderProcess;
let folder: string;
let servicePort: number;
let opsPort: number;
let payments: MainProcess;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('payments', 'services/payments/migrations');
  standIn = await ProviderProcess.start(join(world.world.folder, 'stand-in'), {
    behaviour: { slowMs: 5_000 },
  });
  [servicePort, opsPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  folder = await world.prepare('payments', {
    listen: { address: '127.0.0.1', port: servicePort },
    ops: { address: '127.0.0.1', port: opsPort },
    allow: {
      [`/${PaymentsService.typeName}/AuthorizePayment`]: [spiffe('orders')],
      [`/${PaymentsService.typeName}/ReconcileStatement`]: [spiffe('statement-reconciliation')],
    },
  });
  // There is no Kafka at that address: events wait, and nothing else does.
  writeBinding(folder, 'kafka', {
    ...{ type: 'kafka', 'bootstrap-servers': '127.0.0.1:9', 'tls-folder': 'kafka-tls' },
  });
  const { authority } = world.world;
  writeIdentity(join(folder, 'kafka-tls'), await authority.issue({ commonName: 'payments' }));
  writeFileSync(join(folder, 'api-key'), `${API_KEY}\n`);
  writeFileSync(join(folder, 'webhook-secret'), `${WEBHOOK_SECRET}\n`);
  writeBinding(folder, 'external-payment-provider', {
    ...{ type: 'external', uri: standIn.uri },
    ...{ 'api-key-file': 'api-key', 'webhook-secret-file': 'webhook-secret' },
  });
  await start();
}, 120_000);

afterAll(async () => {
  await payments.stop();
  await standIn.stop();
  await world.close();
});

async function start(): Promise<void> {
  payments = new MainProcess(new URL('./main.ts', import.meta.url), folder);
  await eventually(async () => expect(await opsStatus(opsPort, '/readyz')).toBe(200), 60_000);
}

async function authorize(caller: string, orderId: string, token: string) {
  const callerFolder = await world.world.prepare(caller);
  writeServiceBinding(callerFolder, 'payments', [servicePort]);
  const { runtime } = await world.world.start(callerFolder);
  const { payment } = await openClient(runtime, 'payments', PaymentsService).unary(
    PaymentsService.method.authorizePayment,
    {
      ...{ orderId, paymentMethodToken: token, idempotencyKey: `${orderId}/a` },
      amount: { currencyCode: 'EUR', minorUnits: 1_000n },
    },
    { timeoutMs: 10_000 },
  );
  return payment?.status;
}

async function rows(orderId: string): Promise<readonly string[]> {
  const { rows: found } = await pool.query<{ status: string }>(
    'SELECT status FROM payments WHERE order_id = $1',
    [orderId],
  );
  return found.map(({ status }) => status);
}

test('serves orders, and nobody else', async () => {
  expect(await authorize('orders', newOrder(), 'tok_ok')).toBe(PaymentStatus.AUTHORIZED);
  await expect(authorize('search', newOrder(), 'tok_ok')).rejects.toMatchObject({
    status: 'PERMISSION_DENIED',
  });
});

test('the task of meridian payments prints what differs as one line of JSON', async () => {
  const taskFolder = await world.world.prepare('statement-reconciliation');
  writeServiceBinding(taskFolder, 'payments', [servicePort]);
  const body = { reference: newOrder(), amount: '7', currency: 'EUR', source: 'tok_ok' };
  const charged = await standIn.fetch('/v1/charges', { key: 'stranger/a', body });
  const { id } = (await charged.json()) as { id: string };
  await standIn.fetch(`/v1/charges/${id}/capture`, { key: 'stranger/c' });
  const main = new URL('./reconcile/main.ts', import.meta.url);
  const date = new Date().toISOString().slice(0, 10);
  const task = new MainProcess(main, taskFolder, { arguments: [date] });
  expect(await task.ended()).toBe(0);
  const line = task.output.split('\n').find((text) => text.startsWith('{"date"')) ?? '';
  expect(JSON.parse(line)).toEqual({
    ...{ date, statementLines: 1, ledgerPostings: 0, differenceCount: 1 },
    differences: [
      {
        ...{ reason: 'not-in-ledger', operation: 'stranger/c', order: body.reference },
        ...{ kind: 'capture', inStatement: '7 EUR', inLedger: null },
      },
    ],
  });
}, 60_000);

test('killed while the provider works, it learns what became of it and charges once', async () => {
  const order = newOrder();
  const lost = authorize('orders', order, 'tok_slow').catch(() => 'lost');
  await eventually(async () => {
    expect((await standIn.fetch(`/v1/operations/${order}%2Fa`)).status).toBe(200);
  });
  await payments.stop('SIGKILL');
  expect(await lost).toBe('lost');
  expect(await rows(order)).toEqual(['pending']);
  // The lease of the process that died is over.
  await pool.query('UPDATE operations SET due_time = now() WHERE order_id = $1', [order]);
  await start();
  await eventually(async () => expect(await rows(order)).toEqual(['authorized']));
  const { charges } = (await (await standIn.fetch(`/v1/charges?reference=${order}`)).json()) as {
    charges: unknown[];
  };
  expect(charges).toHaveLength(1);
  expect(payments.output).not.toContain('tok_slow');
}, 60_000);
