import { join } from 'node:path';
import { Server, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { Identity } from '../tls/identity.ts';
import { IdentityServerCredentials } from '../tls/server-credentials.ts';
import type { TestAuthority } from './authority.ts';
import { writeIdentity } from './authority.ts';
import { spiffe } from './world.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** Takes spans over OTLP/gRPC as the collector does, with its certificate, and keeps what was sent. */
export class TestCollector {
  readonly #server: Server;
  readonly #identity: Identity;
  readonly #received: Buffer[] = [];
  #refusing = false;
  port = 0;

  private constructor(identity: Identity) {
    this.#identity = identity;
    this.#server = new Server();
    const pass = (bytes: Buffer): Buffer => bytes;
    const take = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void =>
      this.#take(call, answer);
    this.#server.register(EXPORT, take, pass, pass, 'unary');
  }

  /** @param port 0 takes a free one */
  static async listen(
    folder: string,
    authority: TestAuthority,
    port = 0,
    name = 'collector',
  ): Promise<TestCollector> {
    const place = join(folder, `${name}-tls`);
    writeIdentity(place, await authority.issue({ uris: [spiffe(name)] }));
    const collector = new TestCollector(Identity.open(place));
    await collector.#bind(port);
    return collector;
  }

  /** All that was taken, as text in which names and values can be found. */
  get text(): string {
    return Buffer.concat(this.#received).toString('latin1');
  }

  /** Has batches refused as ones that will never be taken. */
  refuse(): void {
    this.#refusing = true;
  }

  close(): void {
    this.#server.forceShutdown();
    this.#identity.close();
  }

  #take(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
    if (this.#refusing) {
      answer({ code: status.INVALID_ARGUMENT, details: 'not these' });
      return;
    }
    this.#received.push(call.request);
    answer(null, Buffer.alloc(0));
  }

  #bind(port: number): Promise<void> {
    const credentials = new IdentityServerCredentials(this.#identity);
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => {
        this.port = bound;
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}
