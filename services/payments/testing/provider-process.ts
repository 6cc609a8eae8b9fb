import { fileURLToPath } from 'node:url';
import { StandInProcess } from '@meridian/kit/testing/stand-in-process.ts';
import type { StandInOptions } from '@meridian/kit/testing/stand-in-process.ts';

const MAIN = fileURLToPath(new URL('../provider-stand-in/main.ts', import.meta.url));

/** The key and the secret that the stand-in of a test is given. */
export const API_KEY = 'test-api-key';
export const WEBHOOK_SECRET = 'test-webhook-secret';

/** The stand-in of the payment provider in a process of its own, with its journal in a folder that outlives it. */
export class ProviderProcess extends StandInProcess {
  static async start(
    folder: string,
    options: Pick<StandInOptions, 'webhooks' | 'behaviour'>,
  ): Promise<ProviderProcess> {
    const secrets = { 'api-key': API_KEY, 'webhook-secret': WEBHOOK_SECRET };
    const standIn = new ProviderProcess(MAIN, folder, secrets, {
      name: 'payment-provider-stand-in',
      ...options,
    });
    await standIn.restart();
    return standIn;
  }

  /** Sends it a request as the service would. */
  async fetch(path: string, init: { key?: string; body?: unknown } = {}): Promise<Response> {
    return fetch(`${this.uri}${path}`, {
      method: init.key === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(init.key === undefined ? {} : { 'idempotency-key': init.key }),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  }
}
