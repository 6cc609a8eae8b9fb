import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { logsOf } from '../merchant.ts';
import { eventually } from '../platform-under-test.ts';
import type { Answer } from '../platform-under-test.ts';
import type { Story } from '../story.ts';

const PATH = '/v1/webhooks/payment-provider';
const NAME = 'payment-provider-stand-in';
const SECRETS = ['api-key', 'webhook-secret'] as const;

/** As the provider's documentation has it: of the bytes, with the time. */
function signature(body: string, secret: string, seconds = Math.floor(Date.now() / 1_000)): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

export const standIn: Story = {
  title: 'what stands in for the payment provider',
  tell: (ground) => {
    const { platform } = ground;
    const fileOf = (secret: string): string =>
      path.join(platform.state, `credentials/payment-provider-${secret}`);
    const valueOf = (secret: string): string => readFileSync(fileOf(secret), 'utf8').trim();
    const configuration = () =>
      JSON.parse(
        readFileSync(
          path.join(platform.state, `zones/a/processes/${NAME}/config/stand-in.json`),
          'utf8',
        ),
      ) as { readonly listen: { readonly address: string; readonly port: number } };
    const logFile = path.join(platform.state, 'zones/a/logs', `${NAME}.log`);

    test('says so by its name, and has keys that only their owner may read', async () => {
      expect(ground.beginning.start.health).toContainEqual(
        expect.objectContaining({ service: NAME, zone: 'a', health: 'ready' }),
      );
      expect((await platform.run(['logs', NAME])).stdout).toContain('stands in for');
      for (const secret of SECRETS) {
        expect(statSync(fileOf(secret)).mode & 0o777).toBe(0o600);
        expect(valueOf(secret)).toMatch(/^[0-9a-f]{64}$/);
      }
    });

    test('has its webhooks believed at the edge by their signature and their age, and no others', async () => {
      const event = { id: `evt_${randomUUID()}`, type: 'charge.captured', created: 0 };
      const body = JSON.stringify({ ...event, idempotency_key: 'nobody’s', charge: {} });
      const post = (given: Readonly<Record<string, string>>, sent = body): Promise<Answer> =>
        platform.request('POST', PATH, { headers: given, body: sent });
      const secret = valueOf('webhook-secret');
      const hourAgo = Math.floor(Date.now() / 1_000) - 3_600;
      expect((await post({})).status).toBe(401);
      expect((await post({ 'webhook-signature': signature(body, 'guessed') })).status).toBe(401);
      expect((await post({ 'webhook-signature': signature(body, secret, hourAgo) })).status).toBe(
        401,
      );
      expect(
        (await post({ 'webhook-signature': signature(body, secret) }, `${body} `)).status,
      ).toBe(401);
      const large = 'x'.repeat(64 * 1_024 + 1);
      expect((await post({ 'webhook-signature': signature(large, secret) }, large)).status).toBe(
        413,
      );
    });

    test('sends them there itself, and they reach payments', async () => {
      const key = randomUUID();
      const { listen } = configuration();
      const answer = await fetch(`http://${listen.address}:${listen.port}/v1/charges`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${valueOf('api-key')}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({
          ...{ reference: randomUUID(), amount: '100', currency: 'EUR', source: 'tok_ok' },
        }),
      });
      expect(answer.status).toBe(201);
      const logs = await eventually(
        () => logsOf(platform),
        (found) =>
          [...found].some(
            ([file, text]) =>
              file.includes('/logs/payments-') &&
              text.includes('ReceiveWebhook","rpc_status_code":"OK"'),
          ),
      );
      // The same logs hold what is not a secret, so this looks where it should.
      expect(logs.get(logFile)).toContain(NAME);
      for (const secret of SECRETS) {
        const telling = [...logs].filter(([, text]) => text.includes(valueOf(secret)));
        expect(telling.map(([file]) => file)).toEqual([]);
      }
    });
  },
};
