import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import type { Handler } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { serve } from '@meridian/kit/run-service.ts';
import { spiffe } from '@meridian/kit/testing/world.ts';
import type { TestProcess, TestWorld } from '@meridian/kit/testing/world.ts';
import type { PublicKey } from '../token/key-set.ts';

const LOOPBACK = { address: '127.0.0.1', port: 0 } as const;

/** What the gateway learns from identity, served over gRPC as identity does it. */
export class IdentityStandIn {
  keys: readonly PublicKey[];
  /** Revoked sessions in order; the cursor is how many were read. */
  readonly revoked: string[] = [];
  /** Answers UNAVAILABLE to everything while set. */
  away = false;
  /** How often each was called. */
  readonly calls = { listKeys: 0, listRevocations: 0 };
  #process: (TestProcess & { readonly port: number }) | undefined;

  constructor(keys: readonly PublicKey[]) {
    this.keys = keys;
  }

  /** Starts to serve; the world stops it. */
  async start(world: TestWorld): Promise<{ readonly port: number }> {
    const path = (name: string): string => `/${IdentityService.typeName}/${name}`;
    const folder = await world.prepare('identity', {
      listen: LOOPBACK,
      ops: LOOPBACK,
      allow: { '*': [spiffe('gateway')] },
      // The gateway asks for itself; nothing else is to be called in these tests.
      context: {
        signer: spiffe('gateway'),
        methods: {
          [path('ListKeys')]: { actors: ['system'] },
          [path('ListRevocations')]: { actors: ['system'] },
        },
      },
    });
    const process = await world.start(folder);
    const { port } = await serve<{ contract: typeof IdentityService; calls: readonly [] }>(
      process.runtime,
      { contract: IdentityService, handlers: () => ({ ...NOT_CALLED, ...this.#handlers() }) },
    );
    this.#process = { ...process, port };
    return this.#process;
  }

  #handlers(): {
    readonly listKeys: Handler<typeof IdentityService.method.listKeys>;
    readonly listRevocations: Handler<typeof IdentityService.method.listRevocations>;
  } {
    const answer = <T>(name: keyof typeof this.calls, make: () => T): T => {
      this.calls[name]++;
      if (this.away) throw new RpcError('UNAVAILABLE', 'identity is away');
      return make();
    };
    return {
      listKeys: () => answer('listKeys', () => ({ keys: [...this.keys] })),
      listRevocations: ({ afterCursor }) =>
        answer('listRevocations', () => {
          const from = Number(afterCursor === '' ? '0' : afterCursor);
          // Small pages, so that tests read more than one.
          const page = this.revoked.slice(from, from + 2);
          return {
            cursor: String(from + page.length),
            revocations: page.map((sessionId) => ({
              sessionId,
              expireTime: timestampFromMs(Date.now() + 600_000),
            })),
          };
        }),
    };
  }
}

function notCalled(): never {
  throw new RpcError('UNIMPLEMENTED', 'the stand-in has no accounts');
}

const NOT_CALLED = {
  createAccount: notCalled,
  ensureAccount: notCalled,
  deleteAccount: notCalled,
  getAccount: notCalled,
  listAccounts: notCalled,
  createSession: notCalled,
  refreshSession: notCalled,
  revokeSession: notCalled,
};
