import { join } from 'node:path';
import { runStandIn } from '@meridian/kit/external/run-stand-in.ts';
import { readChances } from './chances.ts';
import { createStandInServer } from './http-server.ts';
import { StandIn } from './stand-in.ts';
import { WebhookSender } from './webhook-sender.ts';

/*
 * Plays the payment provider where there is none: no bank is behind it, and no money moves. What a token
 * makes it do is in behaviour.ts.
 */

await runStandIn(({ configuration, log, secrets }) => {
  const { dataFolder, webhooks, behaviour } = configuration;
  const standIn = new StandIn(join(dataFolder, 'journal.jsonl'), readChances(behaviour));
  const secret = (): string => secrets('webhook-secret')[0] ?? '';
  if (webhooks !== undefined) secret();
  const apiKeys = (): readonly string[] => secrets('api-key');
  apiKeys();
  standIn.start(
    new WebhookSender({ target: webhooks, secret, settled: (id) => standIn.settled(id), log }),
  );
  return {
    server: createStandInServer({ standIn, apiKeys, log }),
    what: 'a payment provider, without a bank',
    close: () => standIn.close(),
  };
});
