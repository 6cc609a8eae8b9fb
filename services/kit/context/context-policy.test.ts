import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assert, property, uint8Array } from 'fast-check';
import type { MethodRule } from '../configuration.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import { claimsFor, signerOf } from '../testing/contexts.ts';
import { spiffe } from '../testing/world.ts';
import { Identity } from '../tls/identity.ts';
import { ContextPolicy } from './context-policy.ts';
import type { ContextualCall } from './context-policy.ts';
import type { ContextSigner } from './context-signer.ts';

const GET = '/shop.v1.Shelf/GetBook';
const SELL = '/shop.v1.Shelf/SellBook';
const SYSTEM = '/shop.v1.Shelf/ImportBooks';
const ORDER = '/shop.v1.Orders/CreateOrder';
const OTHER = '/shop.v1.Orders/ListOrders';
const REQUEST = Buffer.from([10, 3, 97, 98, 99]);

const rule = (changes: Partial<MethodRule>): MethodRule => ({
  actors: ['anonymous', 'user'],
  roles: [],
  entries: {},
  ...changes,
});
const METHODS = {
  [GET]: rule({ entries: { [spiffe('gateway')]: [GET], [spiffe('orders')]: [ORDER] } }),
  [SELL]: rule({
    actors: ['user'],
    roles: ['merchant', 'admin'],
    entries: { [spiffe('gateway')]: [SELL] },
  }),
  [SYSTEM]: rule({ actors: ['system'] }),
};

const folder = mkdtempSync(join(tmpdir(), 'meridian-context-'));
let authority: TestAuthority;
let signer: ContextSigner;
let identity: Identity;
let policy: ContextPolicy;

beforeAll(async () => {
  authority = await TestAuthority.create();
  signer = signerOf(await authority.issue({ uris: [spiffe('gateway')], signs: true }));
  writeIdentity(join(folder, 'tls'), await authority.issue({ uris: [spiffe('shelf')] }));
  identity = Identity.open(join(folder, 'tls'));
  policy = new ContextPolicy({ signer: spiffe('gateway'), methods: METHODS }, identity);
});
afterAll(() => {
  identity.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first hop of a good request, with something changed. */
const call = (text: string, changes: Partial<ContextualCall> = {}): ContextualCall => ({
  path: GET,
  peer: spiffe('gateway'),
  texts: [text],
  request: REQUEST,
  ...changes,
});

const good = (changes: Parameters<typeof claimsFor>[2] = {}): string =>
  signer.sign(claimsFor(GET, REQUEST, changes));

function statusOf(attempt: ContextualCall): string {
  try {
    policy.check(attempt);
    return 'OK';
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // Nothing of rules, keys or reasons.
    expect(error.message).toMatch(/^(the|no) [a-z- ]+$/);
    return error.status;
  }
}

describe('a signed context', () => {
  test('says whom the call is made for', () => {
    expect(policy.check(call(good()))).toMatchObject({
      subject: 'account-1',
      roles: ['customer'],
      requestId: 'request-1',
      entryMethod: GET,
    });
  });

  test('of nobody is a context too', () => {
    const context = policy.check(call(good({ subject: undefined, roles: [] })));
    expect([context?.subject, context?.roles]).toEqual([undefined, []]);
  });

  test('goes on unchanged, with the body of a later call', () => {
    const text = signer.sign(claimsFor(ORDER, Buffer.from('an order')));
    const context = policy.check(call(text, { peer: spiffe('orders') }));
    expect(context?.textFor()).toBe(text);
  });

  test('opens a method to one of its roles', () => {
    const of = (roles: readonly string[]): string =>
      signer.sign(claimsFor(SELL, REQUEST, { roles }));
    expect(statusOf(call(of(['admin', 'customer']), { path: SELL }))).toBe('OK');
    expect(statusOf(call(of(['customer']), { path: SELL }))).toBe('PERMISSION_DENIED');
    expect(statusOf(call(of([]), { path: SELL }))).toBe('PERMISSION_DENIED');
  });

  test('without a subject does not open a method for users', () => {
    const text = signer.sign(claimsFor(SELL, REQUEST, { subject: undefined, roles: ['merchant'] }));
    expect(statusOf(call(text, { path: SELL }))).toBe('UNAUTHENTICATED');
  });

  test('is signed for each call of the edge service', () => {
    const source = signer.contextFor({ subject: undefined, roles: [], requestId: 'r' });
    expect(statusOf(call(source.textFor(GET, REQUEST)))).toBe('OK');
    expect(() => source.textFor(GET, undefined)).toThrow('has no digest to sign');
  });
});

describe('without a context', () => {
  test('only methods for the system can be called', () => {
    expect(policy.check(call('', { path: SYSTEM, texts: [] }))).toBeUndefined();
    expect(statusOf(call('', { texts: [] }))).toBe('UNAUTHENTICATED');
    expect(statusOf(call('', { texts: [], path: '/shop.v1.Shelf/Unknown' }))).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('nothing can be called where no rules are', () => {
    const strict = new ContextPolicy({ methods: {} }, identity);
    expect(() => strict.check(call('', { texts: [] }))).toThrow('needs a signed context');
    expect(() => strict.check(call(good()))).toThrow('the signed context is not valid');
  });
});

const now = (): number => Math.floor(Date.now() / 1_000);
const ATTACKS: readonly (readonly [
  name: string,
  attempt: () => ContextualCall | Promise<ContextualCall>,
  status: string,
])[] = [
  // Replayed elsewhere.
  ['on another method', () => call(good(), { path: SELL }), 'UNAUTHENTICATED'],
  ['on a method for the system', () => call(good(), { path: SYSTEM }), 'UNAUTHENTICATED'],
  ['with another body', () => call(good(), { request: Buffer.from('x') }), 'UNAUTHENTICATED'],
  ['with no body', () => call(good(), { request: Buffer.alloc(0) }), 'UNAUTHENTICATED'],
  ['with a stream', () => call(good(), { request: undefined }), 'UNAUTHENTICATED'],
  ['by a peer off the path', () => call(good(), { peer: spiffe('search') }), 'PERMISSION_DENIED'],
  [
    'by a peer on another path',
    () => call(good(), { peer: spiffe('orders') }),
    'PERMISSION_DENIED',
  ],
  [
    'of an entry that does not lead here',
    () => call(signer.sign(claimsFor(OTHER, REQUEST)), { peer: spiffe('orders') }),
    'PERMISSION_DENIED',
  ],
  [
    'of an entry behind the edge service',
    () => call(signer.sign(claimsFor(ORDER, REQUEST))),
    'UNAUTHENTICATED',
  ],
  [
    'by a peer, for the system',
    () => call(good(), { path: SYSTEM, peer: spiffe('orders') }),
    'PERMISSION_DENIED',
  ],
  ['whose entry is not its first hop', () => call(good({ entryMethod: ORDER })), 'UNAUTHENTICATED'],
  // Out of its time.
  [
    'after its minute',
    () => call(good({ issuedAtSeconds: now() - 61, expirySeconds: now() - 1 })),
    'UNAUTHENTICATED',
  ],
  [
    'at its end',
    () => call(good({ issuedAtSeconds: now() - 60, expirySeconds: now() })),
    'UNAUTHENTICATED',
  ],
  [
    'of the future',
    () => call(good({ issuedAtSeconds: now() + 10, expirySeconds: now() + 60 })),
    'UNAUTHENTICATED',
  ],
  ['that lives too long', () => call(good({ expirySeconds: now() + 120 })), 'UNAUTHENTICATED'],
  [
    'that ends before it begins',
    () => call(good({ issuedAtSeconds: now() + 4, expirySeconds: now() + 3 })),
    'UNAUTHENTICATED',
  ],
  // In another number or form.
  ['twice', () => call('', { texts: [good(), good()] }), 'UNAUTHENTICATED'],
  ['as bytes', () => call('', { texts: [Buffer.from(good())] }), 'UNAUTHENTICATED'],
  ['that is empty', () => call(''), 'UNAUTHENTICATED'],
  ['with its claims changed', () => call(good().replace(/\.[^.]+\./, '.e30.')), 'UNAUTHENTICATED'],
];

describe('a context is refused', () => {
  test.each(ATTACKS)('%s', async (_name, attempt, status) => {
    expect(statusOf(await attempt())).toBe(status);
  });

  test('with any other body', () => {
    assert(
      property(uint8Array({ maxLength: 64 }), (request) => {
        if (!REQUEST.equals(request)) {
          expect(statusOf(call(good(), { request }))).toBe('UNAUTHENTICATED');
        }
      }),
    );
  });
});
