import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { create } from '@bufbuild/protobuf';
import type { DescService, Message } from '@bufbuild/protobuf';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { serve } from '@meridian/kit/run-service.ts';
import { TestWorld, spiffe } from '@meridian/kit/testing/world.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import { methodPath } from '@meridian/language/method.ts';
import { signingFolder } from '@meridian/language/process-folder.ts';
import { serveGateway } from '../gateway.ts';
import { LIMITS } from '../http/limits.ts';
import type { Limits } from '../http/limits.ts';
import { TRUST } from '../token/identity-trust.ts';
import type { Trust } from '../token/identity-trust.ts';
import { loadFixture } from './fixture.ts';
import type { Fixture } from './fixture.ts';
import { compose, sendRaw } from './raw-client.ts';
import type { RawResponse } from './raw-client.ts';

const WIDE = { requests: 1_000_000, windowSeconds: 1, burst: 1_000_000 };

/** Limits that no test meets by chance, for tests to narrow. */
export const RATE_LIMITS = {
  anonymous: WIDE,
  customer: WIDE,
  merchant: WIDE,
  unverified: WIDE,
  webhook: WIDE,
};

const LOOPBACK = { address: '127.0.0.1', port: 0 } as const;

/** A handler of the fixture service, whose messages are known only by their descriptors. */
type ThingHandler = (request: Message & Record<string, unknown>, call: ServerCall) => unknown;

/** A gateway under test. */
export interface TestGateway extends TestProcess {
  readonly port: number;
}

/** A real gateway before a real service of the fixture contract, all over mutual TLS. */
export class GatewayWorld {
  readonly kit: TestWorld;
  readonly fixture: Fixture;
  /** What the service does at each call; tests replace methods by name. */
  readonly handlers: Record<string, ThingHandler> = {};
  /** Who may call a method, by its name; read when a service or gateway starts. */
  readonly access: Record<
    string,
    { readonly actors: readonly string[]; readonly roles: readonly string[] }
  > = {};
  #edge: ConnectionOptions = {};

  private constructor(kit: TestWorld, fixture: Fixture) {
    this.kit = kit;
    this.fixture = fixture;
  }

  static async create(): Promise<GatewayWorld> {
    const world = new GatewayWorld(await TestWorld.create(), await loadFixture());
    world.#edge = await world.kit.authority.issue({ uris: [spiffe('edge')] });
    return world;
  }

  /**
   * Starts the service behind; resolves to its process and port.
   *
   * @param own handlers of this replica alone
   */
  async startThings(
    own: Readonly<Record<string, ThingHandler>> = {},
  ): Promise<TestProcess & { readonly port: number }> {
    const folder = await this.kit.prepare('things', {
      listen: LOOPBACK,
      ops: LOOPBACK,
      allow: { '*': [spiffe('gateway')] },
      context: { signer: spiffe('gateway'), methods: this.#rules({ entries: true }) },
    });
    const process = await this.kit.start(folder);
    const { service } = this.fixture;
    const handlers = Object.fromEntries(
      service.methods.map((method) => [
        method.localName,
        async (request: Message & Record<string, unknown>, call: ServerCall): Promise<Message> => {
          const handler = own[method.localName] ?? this.handlers[method.localName];
          const answer = await (handler ?? unimplemented)(request, call);
          return create(method.output, answer as never);
        },
      ]),
    ) as unknown as Handlers<DescService>;
    const { port } = await serve<{ contract: DescService; calls: readonly [] }>(process.runtime, {
      contract: service,
      handlers: () => handlers,
    });
    return { ...process, port };
  }

  /**
   * Starts a gateway bound to these ports of the service; without any, the service is not bound. The
   * same goes for identity.
   */
  async startGateway(
    ports: readonly number[] | undefined,
    limits: Partial<Limits> = {},
    configuration: Readonly<Record<string, unknown>> = {},
    identity?: { readonly port: number; readonly trust?: Partial<Trust> },
  ): Promise<TestGateway> {
    const folder = await this.kit.prepare('gateway', {
      listen: LOOPBACK,
      ops: LOOPBACK,
      allow: { '*': [spiffe('edge')] },
      context: { signer: spiffe('gateway'), methods: this.#rules({ entries: false }) },
      rateLimits: RATE_LIMITS,
      ...configuration,
    });
    await this.kit.issueSigningKey(folder, signingFolder('context'), 'gateway');
    if (ports !== undefined) bind(folder, 'things', ports);
    if (identity !== undefined) bind(folder, 'identity', [identity.port]);
    const process = await this.kit.start(folder);
    const port = await serveGateway(process.runtime, {
      services: [
        ['things', this.fixture.service],
        ['identity', IdentityService],
      ],
      comments: {},
      trust: { ...TRUST, ...identity?.trust },
      limits: { ...LIMITS, ...limits },
    });
    return { ...process, port };
  }

  /** What the graph would say of the fixture: everybody may do everything, unless a test says else. */
  #rules({ entries }: { readonly entries: boolean }): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.fixture.service.methods.map((method) => {
        const path = methodPath(method);
        return [
          path,
          {
            ...(this.access[method.localName] ?? { actors: ['anonymous', 'user'], roles: [] }),
            ...(entries ? { entries: { [spiffe('gateway')]: [path] } } : {}),
          },
        ];
      }),
    );
  }

  /** How the edge connects to a gateway. */
  edge({ port }: TestGateway): ConnectionOptions {
    return { host: LOOPBACK.address, port, ...this.#edge };
  }

  /** Sends a request as the edge. */
  request(gateway: TestGateway, ...request: Parameters<typeof compose>): Promise<RawResponse> {
    return sendRaw(this.edge(gateway), [compose(...request)]);
  }

  /** Stops everything. */
  close(): Promise<void> {
    return this.kit.close();
  }
}

/** The error of a status, for a handler to throw. */
export function failure(status: StatusName, message: string): RpcError {
  return new RpcError(status, message);
}

function unimplemented(): never {
  throw new RpcError('UNIMPLEMENTED', 'the test gave no handler');
}

function bind(folder: string, name: string, ports: readonly number[]): void {
  const binding = join(folder, 'bindings', name);
  mkdirSync(binding, { recursive: true });
  const files = {
    type: 'grpc',
    provider: 'meridian',
    uri: `addresses:${name}/addresses`,
    'spiffe-id': spiffe(name),
    addresses: ports.map((port) => `${LOOPBACK.address}:${port}\n`).join(''),
  };
  for (const [file, content] of Object.entries(files)) writeFileSync(join(binding, file), content);
}
