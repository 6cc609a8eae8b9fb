import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';

/** An object as the stand-in keeps it. */
export interface StoredObject {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly status?: unknown;
}

const TOKEN = 'token-of-the-service-account';

/**
 * A stand-in for the API server, over HTTPS: reads, creates and replaces single objects in memory, for
 * whoever shows the token. It checks no rights and no schema; tests/cluster has a real one.
 */
export class ApiServerStandIn {
  readonly objects = new Map<string, StoredObject>();
  /** Requests that changed something, such as 'POST /api/v1/namespaces/data/secrets'. */
  readonly writes: string[] = [];
  /** Called with each path that is read, before it is answered. */
  onRead: (path: string) => void = () => undefined;
  /** What the next requests get instead of an answer: a status, or an end of the connection. */
  readonly failures: (number | 'ends' | 'no JSON')[] = [];
  /** What a program needs to find it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #server: Server;
  readonly #folder: string;
  #version = 0;

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
    const { port } = server.address() as AddressInfo;
    this.environment = {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(port),
      MERIDIAN_SERVICE_ACCOUNT: folder,
    };
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const failure = this.failures.shift();
      if (failure === 'ends') {
        request.socket.destroy();
        return;
      }
      const answer =
        typeof failure === 'number' ? status(failure, 'in trouble') : this.#answer(request);
      void Promise.resolve(answer).then(({ status: code, body }) => {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(failure === 'no JSON' ? '<html>' : JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<ApiServerStandIn> {
    const authority = await TestAuthority.create();
    const { cert, key, ca } = await authority.issue({ addresses: ['127.0.0.1'] });
    const folder = mkdtempSync(join(tmpdir(), 'meridian-api-'));
    writeFileSync(join(folder, 'ca.crt'), ca);
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
    const server = createServer({ cert, key });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ApiServerStandIn(server, folder);
  }

  /** Shows another token from now on, one that nobody knows. */
  forgetToken(): void {
    writeFileSync(join(this.#folder, 'token'), 'of-somebody-else');
  }

  /** Values of a Secret; throws Error when there is none. */
  secret(namespace: string, name: string): Readonly<Record<string, string>> {
    const object = this.objects.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (object === undefined) throw new Error(`No Secret '${name}' in '${namespace}'`);
    return Object.fromEntries(
      Object.entries(object.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, 'base64').toString(),
      ]),
    );
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true });
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { method = '', url: path = '', headers } = request;
    if (headers.authorization !== `Bearer ${TOKEN}`) return status(401, 'Unauthorized');
    if (method === 'GET') {
      this.onRead(path);
      const found = this.objects.get(path);
      return found === undefined ? status(404, 'not found') : { status: 200, body: found };
    }
    const given = JSON.parse(await text(request)) as StoredObject & {
      readonly stringData?: Readonly<Record<string, string>>;
    };
    const target = method === 'POST' ? `${path}/${given.metadata.name}` : path;
    const present = this.objects.get(target);
    const expected = given.metadata['resourceVersion'];
    if (
      method === 'POST' ? present !== undefined : present?.metadata['resourceVersion'] !== expected
    ) {
      return status(409, 'conflict');
    }
    if (present?.type !== undefined && present.type !== given.type) return status(422, 'immutable');
    this.writes.push(`${method} ${path}`);
    this.put(target, given);
    return { status: method === 'POST' ? 201 : 200, body: this.objects.get(target) };
  }

  /** Stores an object as a new version of it. */
  put(
    path: string,
    { stringData = {}, ...given }: StoredObject & { stringData?: Readonly<Record<string, string>> },
  ): void {
    const encoded = Object.entries(stringData).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ]);
    this.objects.set(path, {
      ...given,
      metadata: { ...given.metadata, resourceVersion: String(++this.#version) },
      data: { ...given.data, ...(Object.fromEntries(encoded) as Record<string, string>) },
    });
  }
}

function status(code: number, message: string): { status: number; body: unknown } {
  return { status: code, body: { kind: 'Status', code, message } };
}
