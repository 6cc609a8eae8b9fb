import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestAuthority } from '@meridian/kit/testing/authority.ts';

/** A webhook as it was received. */
export interface ReceivedWebhook {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Receives webhooks over TLS, as the edge does, and answers each with what its listener says. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** The certificate authority to trust, as a file. */
  readonly caFile: string;
  readonly #server: Server;
  /** The status that a webhook is answered with. */
  answer: (webhook: ReceivedWebhook) => number | Promise<number> = () => 200;

  /** While it is, webhooks are refused before anybody sees them. */
  paused = false;

  private constructor(server: Server, caFile: string) {
    this.#server = server;
    this.caFile = caFile;
  }

  static async start(authority: TestAuthority, folder: string): Promise<WebhookReceiver> {
    const { cert, key, ca } = await authority.issue({ addresses: ['127.0.0.1'] });
    const caFile = join(folder, 'webhook-ca.crt');
    writeFileSync(caFile, ca);
    const server = createServer({ cert, key });
    const receiver = new WebhookReceiver(server, caFile);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const webhook = { body: Buffer.concat(chunks), headers };
        receiver.received.push(webhook);
        void Promise.resolve(receiver.paused ? 503 : receiver.answer(webhook)).then((status) => {
          response.writeHead(status).end();
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `https://127.0.0.1:${port}/v1/webhooks/payment-provider`;
  }

  /** What the webhooks say, in the order in which they came. */
  get types(): readonly string[] {
    return this.received.map(({ body }) => (JSON.parse(body.toString()) as { type: string }).type);
  }

  /** Those about one key. */
  about(key: string): readonly ReceivedWebhook[] {
    return this.received.filter(
      ({ body }) =>
        (JSON.parse(body.toString()) as { idempotency_key: string }).idempotency_key === key,
    );
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
