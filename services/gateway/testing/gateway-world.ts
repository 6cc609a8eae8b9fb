import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { create } from '@bufbuild/protobuf';
import type { DescService, Message } from '@bufbuild/protobuf';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { serve } from '@meridian/kit/run-service.ts';
import { TestWorld, spiffe } from '@meridian/kit/testing/world.ts';
import type { TestProcess } from '@meridian/kit/testing/world.ts';
import { serveGateway } from '../gateway.ts';
import { LIMITS } from '../http/limits.ts';
import type { Limits } from '../http/limits.ts';
import { loadFixture } from './fixture.ts';
import type { Fixture } from './fixture.ts';
import { compose, sendRaw } from './raw-client.ts';
import type { RawResponse } from './raw-client.ts';

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

  /** Starts the service behind; resolves to its process and port. */
  async startThings(): Promise<TestProcess & { readonly port: number }> {
    const folder = await this.kit.prepare('things', {
      listen: LOOPBACK,
      ops: LOOPBACK,
      allow: { '*': [spiffe('gateway')] },
    });
    const process = await this.kit.start(folder);
    const { service } = this.fixture;
    const handlers = Object.fromEntries(
      service.methods.map((method) => [
        method.localName,
        async (request: Message & Record<string, unknown>, call: ServerCall): Promise<Message> => {
          const answer = await (this.handlers[method.localName] ?? unimplemented)(request, call);
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

  /** Starts a gateway bound to these ports of the service; without any, the service is not bound. */
  async startGateway(
    ports: readonly number[] | undefined,
    limits: Partial<Limits> = {},
    configuration: Readonly<Record<string, unknown>> = {},
  ): Promise<TestGateway> {
    const folder = await this.kit.prepare('gateway', {
      listen: LOOPBACK,
      ops: LOOPBACK,
      allow: { '*': [spiffe('edge')] },
      ...configuration,
    });
    if (ports !== undefined) bindThings(folder, ports);
    const process = await this.kit.start(folder);
    const port = await serveGateway(process.runtime, {
      services: [['things', this.fixture.service]],
      comments: {},
      limits: { ...LIMITS, ...limits },
    });
    return { ...process, port };
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

function bindThings(folder: string, ports: readonly number[]): void {
  const binding = join(folder, 'bindings/things');
  mkdirSync(binding, { recursive: true });
  const files = {
    type: 'grpc',
    provider: 'meridian',
    uri: 'addresses:things/addresses',
    'spiffe-id': spiffe('things'),
    addresses: ports.map((port) => `${LOOPBACK.address}:${port}\n`).join(''),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(binding, name), content);
}
