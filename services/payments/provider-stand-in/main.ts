import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readStandInConfiguration } from '@meridian/kit/external/stand-in-configuration.ts';
import { EXIT_CONFIGURATION } from '@meridian/kit/process.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { StandInConfiguration } from '@meridian/language/stand-in-configuration.ts';
import { readChances } from './chances.ts';
import { createStandInServer } from './http-server.ts';
import { StandIn } from './stand-in.ts';
import { WebhookSender } from './webhook-sender.ts';

/*
 * Plays the payment provider where there is none: no bank is behind it, and no money moves. What a token
 * makes it do is in behaviour.ts.
 */

async function run(): Promise<void> {
  const configuration = readStandInConfiguration(process.env);
  const { name, listen, dataFolder, webhooks } = configuration;
  const log = (message: string): void => {
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), name, message })}\n`);
  };
  const standIn = new StandIn(
    join(dataFolder, 'journal.jsonl'),
    readChances(configuration.behaviour),
  );
  const secret = (): string => firstOf(secretsOf(configuration, 'webhook-secret'));
  if (webhooks !== undefined) secret();
  const apiKeys = (): readonly string[] => secretsOf(configuration, 'api-key');
  apiKeys();
  standIn.start(
    new WebhookSender({
      target: webhooks,
      secret,
      settled: (id) => standIn.settled(id),
      log,
    }),
  );
  const server = createStandInServer({ standIn, apiKeys, log });
  server.listen(listen.port, listen.address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  log(`stands in for a payment provider, without a bank, on http://${listen.address}:${port}`);
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    standIn.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** One secret a line, the current one first; read again at each use. */
function secretsOf({ name, secretFiles }: StandInConfiguration, secret: string): readonly string[] {
  const file = secretFiles[secret];
  if (file === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Stand-in '${name}': secretFiles must name a file for '${secret}', got nothing`,
    );
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function firstOf(secrets: readonly string[]): string {
  return secrets[0] ?? '';
}

try {
  await run();
} catch (error) {
  if (!(error instanceof CodedError)) throw error;
  process.stderr.write(`${error.message} [${error.code}]\n`);
  process.exitCode = EXIT_CONFIGURATION;
}
