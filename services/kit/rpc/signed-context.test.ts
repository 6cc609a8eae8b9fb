import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { currentScope, runInScope, scopeOf } from '../call-scope.ts';
import type { Cause } from '../call-scope.ts';
import { openClient } from '../clients.ts';
import type { RpcClient } from '../clients.ts';
import { CONTEXT_METADATA } from '../context/context-source.ts';
import type { ContextSource } from '../context/context-source.ts';
import type { ContextSigner } from '../context/context-signer.ts';
import { signerOf } from '../testing/contexts.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { ECHO, TestWorld, spiffe } from '../testing/world.ts';
import type { TestServer } from '../testing/world.ts';
import type { ServerCall } from './handlers.ts';
import { RpcError } from './rpc-error.ts';

const { echo, once, repeat, join, chat } = EchoService.method;
const FACTS = { subject: 'account-1', roles: ['customer'], requestId: 'request-1' };

/** Enters at Once of the front, which calls Echo of the back. */
describe('a signed context', () => {
  let world: TestWorld;
  let signer: ContextSigner;
  let front: TestServer;
  let back: TestServer;
  let gateway: RpcClient<typeof EchoService>;
  const seen: ServerCall[] = [];
  const causes: (Cause | undefined)[] = [];
  let onward: RpcClient<typeof EchoService>;

  beforeAll(async () => {
    world = await TestWorld.create();
    signer = signerOf(await world.authority.issue({ uris: [spiffe('gateway')], signs: true }));
    back = await world.serve(
      {
        echo: ({ text }, call) => {
          seen.push(call);
          causes.push(currentScope()?.cause);
          return { text };
        },
      },
      {
        allow: { '*': [spiffe('echo'), spiffe('stranger')] },
        context: contextOf({ [`${ECHO}/Echo`]: { [spiffe('echo')]: [`${ECHO}/Once`] } }),
      },
    );
    const entered = { [spiffe('gateway')]: [`${ECHO}/Once`] };
    front = await world.serve(
      {
        once: async ({ text }, call) => {
          seen.push(call);
          return { text: (await onward.unary(echo, { text })).text };
        },
      },
      {
        allow: { '*': [spiffe('gateway')] },
        context: contextOf({
          [`${ECHO}/Once`]: entered,
          [`${ECHO}/Repeat`]: { [spiffe('gateway')]: [`${ECHO}/Repeat`] },
          [`${ECHO}/Join`]: { [spiffe('gateway')]: [`${ECHO}/Join`] },
        }),
      },
    );
    world.bind(front.folder, [back.port]);
    onward = openClient(front.runtime, 'echo', EchoService);
    ({ client: gateway } = await world.client([front.port], { service: 'gateway' }));
  });
  afterAll(() => world.close());

  const contextOf = (entries: Readonly<Record<string, unknown>>) => ({
    signer: spiffe('gateway'),
    methods: Object.fromEntries(
      Object.entries(entries).map(([path, of]) => [path, { actors: ['user'], entries: of }]),
    ),
  });

  /** Does work as the gateway does it for a request. */
  const asked = <T>(work: () => T, contextSource: ContextSource = signer.contextFor(FACTS)): T => {
    const { signal } = new AbortController();
    return runInScope(scopeOf({ timeoutMs: 5_000, signal, contextSource }), work);
  };

  async function outcome(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt;
      return 'OK';
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return error.status;
    }
  }

  test('reaches every service that works for the request, unchanged', async () => {
    expect(await asked(() => gateway.unary(once, { text: 'hello' }))).toMatchObject({
      text: 'hello',
    });
    const [first, second] = seen.splice(0);
    expect(first?.context).toMatchObject({ ...FACTS, entryMethod: `${ECHO}/Once` });
    expect(second?.context).toMatchObject({ ...FACTS, entryMethod: `${ECHO}/Once` });
    expect(second?.peer).toBe(spiffe('echo'));
    expect(second?.metadata.get(CONTEXT_METADATA)).toEqual(first?.metadata.get(CONTEXT_METADATA));
    expect(causes).toEqual([{ id: 'request-1', correlationId: 'request-1' }]);
    const line = back.lines.find(({ message }) => message === 'call served');
    expect(line).toMatchObject({ request_id: 'request-1' });
  });

  test('is needed', async () => {
    expect(await outcome(gateway.unary(once, { text: 'hello' }))).toBe('UNAUTHENTICATED');
    const line = front.lines.find(({ rpc_status_code: code }) => code === 'UNAUTHENTICATED');
    expect(line).toMatchObject({ reason: 'the call needs a signed context' });
  });

  test('cannot be put on a call by a peer that has only seen it', async () => {
    await asked(() => gateway.unary(once, { text: 'hello' }));
    const [stolen] = seen.splice(0)[0]?.metadata.get(CONTEXT_METADATA) ?? [];
    const source = { textFor: () => String(stolen) };
    // From the right peer on another request, and from a peer that is on no path.
    expect(await outcome(asked(() => gateway.unary(once, { text: 'other' }), source))).toBe(
      'UNAUTHENTICATED',
    );
    const { client } = await world.client([back.port], { service: 'stranger' });
    expect(await outcome(asked(() => client.unary(echo, { text: 'hello' }), source))).toBe(
      'PERMISSION_DENIED',
    );
  });

  test('twice is refused', async () => {
    const text = signer.contextFor(FACTS).textFor(`${ECHO}/Once`, Buffer.from([10, 1, 97]));
    const source = { textFor: () => `${text},${text}` };
    expect(await outcome(asked(() => gateway.unary(once, { text: 'a' }), source))).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('of a handler is the one that was verified, whatever metadata it passes on', async () => {
    const metadata = new Metadata();
    metadata.set(CONTEXT_METADATA, 'forged');
    const answer = asked(() => gateway.unary(once, { text: 'hello' }, { metadata }));
    expect(await outcome(answer)).toBe('OK');
    seen.splice(0);
  });

  test('is not sent from metadata, outside of a request', async () => {
    const metadata = new Metadata();
    const bytes = Buffer.from([10, 1, 97]);
    metadata.set(CONTEXT_METADATA, signer.contextFor(FACTS).textFor(`${ECHO}/Once`, bytes));
    expect(await outcome(gateway.unary(once, { text: 'a' }, { metadata }))).toBe('UNAUTHENTICATED');
  });

  test('covers the one request of a stream of answers', async () => {
    const answers: string[] = [];
    await asked(async () => {
      const stream = gateway.serverStreaming(repeat, { text: 'x', count: 2 });
      for await (const { text } of stream) answers.push(text);
    });
    expect(answers).toEqual(['x', 'x']);
  });

  test('has no digest of a stream of requests, so the edge service cannot send one', async () => {
    async function* texts(): AsyncGenerator<{ text: string }> {
      yield await Promise.resolve({ text: 'a' });
    }
    const facts = signer.contextFor(FACTS);
    await expect(asked(() => gateway.clientStreaming(join, texts()), facts)).rejects.toThrow(
      'has no digest to sign',
    );
    const signed = { textFor: (path: string) => facts.textFor(path, Buffer.from('a')) };
    expect(await outcome(asked(() => gateway.clientStreaming(join, texts()), signed))).toBe(
      'UNAUTHENTICATED',
    );
    expect(() => asked(() => gateway.bidiStreaming(chat, texts()))).toThrow('no digest to sign');
  });

  test('carries the idempotency key beside it', async () => {
    await asked(() => gateway.unary(once, { text: 'hello' }, { idempotencyKey: 'key-1' }));
    const [first, second] = seen.splice(0);
    expect(first?.metadata.get('idempotency-key')).toEqual(['key-1']);
    // A key is for one method of one service.
    expect(second?.metadata.get('idempotency-key')).toEqual([]);
  });
});
