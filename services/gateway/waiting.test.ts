import { durationMs } from '@bufbuild/protobuf/wkt';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { preferredWaitSeconds } from './http/waiting.ts';
import { expectProblem } from './testing/expect-problem.ts';
import { GatewayWorld } from './testing/gateway-world.ts';
import type { TestGateway } from './testing/gateway-world.ts';
import type { RawResponse } from './testing/raw-client.ts';

let world: GatewayWorld;
let port: number;
let gateway: TestGateway;
/** The thing as the service has it; each waiting call's way to end its wait. */
let version = 1;
let asked: (readonly [tag: string, waitMs: number | undefined])[] = [];
let waiting: (() => void)[] = [];

beforeAll(async () => {
  world = await GatewayWorld.create();
  world.handlers['getThing'] = async ({ ifNoneMatch, wait }) => {
    const waitMs = wait === undefined ? undefined : durationMs(wait as Duration);
    asked.push([String(ifNoneMatch), waitMs]);
    if (waitMs !== undefined && ifNoneMatch === `v${version}`) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return { thing: { thingId: '1', etag: `v${version}` } };
  };
  world.handlers['createThing'] = ({ thing }) => thing;
  world.handlers['listThings'] = () => new Promise(() => undefined);
  ({ port } = await world.startThings());
  gateway = await world.startGateway([port], { callTimeoutMs: 400, waitingMost: 2 });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  version = 1;
  asked = [];
  waiting = [];
});

type Headers = Readonly<Record<string, string>>;
const get = (headers: Headers, of = gateway, path = '/v1/things/1'): Promise<RawResponse> =>
  world.request(of, 'GET', path, headers);
const wait = (prefer = 'wait=20', of = gateway): Promise<RawResponse> =>
  get({ 'if-none-match': '"v1"', prefer }, of);
const change = (): void => {
  version += 1;
  for (const answer of waiting.splice(0)) answer();
};
const applied = ({ status, headers }: RawResponse) => [status, headers['preference-applied']];

describe('a read that is to wait', () => {
  test('is answered when what is read has changed, long after any other call would have ended', async () => {
    const answer = wait('respond-async, wait=20');
    await eventually(() => expect(asked).toEqual([['v1', 20_000]]));
    // A call that does not wait has ended by then.
    expect((await world.request(gateway, 'GET', '/v1/things')).status).toBe(504);
    change();
    expect(applied(await answer)).toEqual([200, 'wait=20']);
    expect((await answer).headers['etag']).toBe('"v2"');
  });

  test('is answered 304 when nothing has changed in that time, and counted apart', async () => {
    const counted = async (): Promise<number> => {
      const metrics = await gateway.runtime.metrics.registry.metrics();
      const one = /^http_server_request_duration_seconds_count\{.*"304",waited="true"\} (\d+)$/m;
      return Number(one.exec(metrics)?.[1] ?? 0);
    };
    const before = await counted();
    const answer = wait('wait=1');
    await eventually(() => expect(waiting).toHaveLength(1));
    waiting[0]?.();
    expect(applied(await answer)).toEqual([304, 'wait=1']);
    await eventually(async () => expect(await counted()).toBe(before + 1));
  });

  test('waits for 30 seconds at most, and is told so', async () => {
    const answer = wait('wait=3600');
    await eventually(() => expect(asked).toEqual([['v1', 30_000]]));
    change();
    expect(applied(await answer)).toEqual([200, 'wait=30']);
  });

  test.each<Headers>([
    { prefer: 'wait=20' },
    { 'if-none-match': '"v1", "v2"', prefer: 'wait=20' },
    { 'if-none-match': '*', prefer: 'wait=20' },
    { 'if-none-match': '"v1"', prefer: 'wait=0' },
    { 'if-none-match': '"v1"', prefer: 'wait=soon' },
    { 'if-none-match': '"v1"' },
  ])('does not wait with %p', async (headers) => {
    const answer = await get(headers);
    expect(applied(answer)).toEqual([
      headers['if-none-match'] === undefined ? 200 : 304,
      undefined,
    ]);
    expect(asked.map(([, waitMs]) => waitMs)).toEqual([undefined]);
  });

  test('waits by the headers alone', async () => {
    for (const query of ['wait=20s', 'ifNoneMatch=v1', 'if_none_match=v1', 'wait.seconds=1']) {
      expectProblem(await get({}, gateway, `/v1/things/1?${query}`), 'invalid-argument');
    }
    expect(asked).toEqual([]);
  });

  test('is one of so many at a gateway; one more is answered at once, and says so', async () => {
    const both = [wait(), wait()];
    await eventually(() => expect(waiting).toHaveLength(2));
    expect(applied(await wait())).toEqual([304, undefined]);
    change();
    expect((await Promise.all(both)).map(applied)).toEqual([
      [200, 'wait=20'],
      [200, 'wait=20'],
    ]);
    const another = wait();
    expect(applied(await another)).toEqual([200, 'wait=20']);
  });

  test('is answered with what there is when the gateway leaves', async () => {
    const leaving = await world.startGateway([port], { callTimeoutMs: 10_000 });
    const answers = [wait('wait=20', leaving), wait('wait=20', leaving)];
    await eventually(() => expect(waiting).toHaveLength(2));
    const left = leaving.runtime.stop();
    expect(
      (await Promise.all(answers)).map(({ status, headers }) => [status, headers['connection']]),
    ).toEqual([
      [304, 'close'],
      [304, 'close'],
    ]);
    await left;
    expect(asked.slice(2)).toEqual([
      ['v1', undefined],
      ['v1', undefined],
    ]);
  });
});

describe('Prefer', () => {
  test.each([
    ['wait=10', 10],
    ['respond-async, wait=10', 10],
    ['Wait = 007 ; x=y', 7],
    ['return=minimal; a="b;c", wait="5", wait=9', 5],
    ['wait', undefined],
    ['wait=-1', undefined],
    ['wait=1.5', undefined],
    ['wait=12345678901', undefined],
    ['await=1', undefined],
    ['', undefined],
  ])('%s', (header, seconds) => {
    expect(preferredWaitSeconds(header)).toBe(seconds);
  });

  test('of any form at all is understood or passed over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (header) => {
        const seconds = preferredWaitSeconds(header);
        expect(seconds === undefined || Number.isInteger(seconds)).toBe(true);
      }),
    );
  });
});

describe('what an operation has created', () => {
  const create = (path: string, body: string): Promise<RawResponse> =>
    world.request(gateway, 'POST', path, { 'content-type': 'application/json' }, body);

  test('is answered with 201 and the path that reads it', async () => {
    const answer = await create('/v1/things', '{"thingId":"a b/c"}');
    expect([answer.status, answer.headers['location']]).toEqual([201, '/v1/things/a%20b%2Fc']);
    const read = await get({}, gateway, answer.headers['location']);
    expect(read.status).toBe(200);
  });

  test('has no path where no operation reads it, or where it has no id', async () => {
    for (const [path, body] of [
      ['/v1/shelves/1/boxes/2/things', '{"thingId":"1"}'],
      ['/v1/things', '{}'],
    ] as const) {
      const answer = await create(path, body);
      expect([answer.status, answer.headers['location']]).toEqual([200, undefined]);
    }
  });
});
