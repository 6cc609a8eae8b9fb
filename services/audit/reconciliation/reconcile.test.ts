import { create, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { StockChangedSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import { StockSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Stock } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import {
  AccountCreatedSchema,
  AccountDeletedSchema,
  AccountRolesChangedSchema,
  SessionCreatedSchema,
} from '@meridian/identity/contract/gen/meridian/identity/v1/events_pb.js';
import { AccountStateSchema } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import type { AccountState } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { AGGREGATE_KINDS } from './aggregates.ts';
import type { TrailEntry } from './history.ts';
import { largestPage } from './pages.ts';
import { suspectsOf } from './reconcile.ts';
import type { AuditedService } from './reconcile.ts';
import type { Trail } from './trail.ts';

const ROWS_ON_A_PAGE = 2;
const ENTRIES_ON_A_PAGE = 3;

const stockOf = (productId: string, version: bigint, onHand = Number(version)): Stock =>
  create(StockSchema, { productId, version, onHand });

function told(stock: Stock, rest: Partial<TrailEntry> = {}): TrailEntry {
  return {
    ...{ kind: 'event', id: `${stock.productId}@${stock.version}`, version: stock.version },
    ...{ type: StockChangedSchema.typeName, subject: `${stock.productId}/stock` },
    data: toBinary(StockChangedSchema, create(StockChangedSchema, { stock })),
    ...rest,
  };
}

/** Three products whose stock changed thrice. */
function soundStock() {
  const rows = ['a', 'b', 'c'].map((id) => stockOf(id, 3n));
  const entries = rows.flatMap(({ productId }) =>
    [1n, 2n, 3n].map((version) => told(stockOf(productId, version))),
  );
  return { rows, entries };
}

function accountEvent(
  schema: DescMessage,
  version: bigint,
  roles: readonly string[] = [],
): TrailEntry {
  const fields = { accountId: 'ann', version, ...(roles.length === 0 ? {} : { roles }) };
  return {
    ...{ kind: 'event', id: `ann@${version}`, type: schema.typeName, subject: 'ann', version },
    data: toBinary(schema, create(schema, fields as MessageInitShape<DescMessage>)),
  };
}

/** An account that got another role, signed in, and is there. */
function soundAccount() {
  return {
    rows: [create(AccountStateSchema, { accountId: 'ann', version: 3n, roles: ['a', 'b'] })],
    entries: [
      accountEvent(AccountCreatedSchema, 1n, ['customer']),
      accountEvent(AccountRolesChangedSchema, 2n, ['a', 'b']),
      accountEvent(SessionCreatedSchema, 3n),
    ],
  };
}

interface World<R> {
  rows: R[];
  entries: TrailEntry[];
}

/** Reconciles a service of one kind; `then` happens before the first wait. */
async function suspects(
  name: 'stock' | 'account',
  world: World<Stock> | World<AccountState>,
  then: () => void = () => undefined,
) {
  const kind = AGGREGATE_KINDS.find((each) => each.name === name);
  if (kind === undefined) throw new Error(name);
  const service: AuditedService = {
    ...{ name: kind.service, source: `spiffe://x/${kind.service}` },
    kinds: [
      {
        kind,
        list: (token) => {
          const from = Number(token);
          const next = from + ROWS_ON_A_PAGE;
          const rows = world.rows.slice(from, next);
          return Promise.resolve({ rows, next: next < world.rows.length ? String(next) : '' });
        },
      },
    ],
  };
  const trail: Trail = {
    page: ({ subjects, place = '0' }) => {
      const wanted = world.entries.filter(
        ({ subject }) => subjects === undefined || subjects.includes(subject),
      );
      const next = Number(place) + ENTRIES_ON_A_PAGE;
      const entries = wanted.slice(Number(place), next);
      return Promise.resolve({ entries, next: next < wanted.length ? String(next) : undefined });
    },
  };
  let waits = 0;
  const found: string[] = [];
  const wait = () => {
    if (waits === 0) then();
    waits += 1;
    return Promise.resolve(waits < 3);
  };
  for await (const { subject, findings, headless } of suspectsOf(service, { trail, wait })) {
    for (const each of findings) found.push(`${subject}: ${each.rule}: ${each.found}`);
    if (headless) found.push(`${subject}: a baseline could stand for it`);
  }
  return { found, waits };
}

async function stockSuspects(
  plant: (world: World<Stock>) => void,
  then?: (world: World<Stock>) => void,
) {
  const world = soundStock();
  plant(world);
  return suspects('stock', world, () => then?.(world));
}

async function accountSuspects(plant: (world: World<AccountState>) => void) {
  const world = soundAccount();
  plant(world);
  return (await suspects('account', world)).found;
}

const without = (world: World<unknown>, ...ids: readonly string[]): void => {
  world.entries = world.entries.filter(({ id }) => !ids.includes(id));
};

test('a trail that tells what the service has raises no suspicion, and nobody waits', async () => {
  expect(await suspects('stock', soundStock())).toEqual({ found: [], waits: 0 });
  expect(await suspects('account', soundAccount())).toEqual({ found: [], waits: 0 });
});

describe('what differs is named', () => {
  const has = 'the trail says what the service has';
  test.each<[string, (world: World<Stock>) => void, readonly string[]]>([
    [
      'an event that was lost',
      (world) => without(world, 'b@2'),
      ['b/stock: every version has an event: of 3, missing: 2'],
    ],
    [
      'the newest event, lost',
      (world) => without(world, 'b@3'),
      ['b/stock: every version has an event: of 3, missing: 3'],
    ],
    [
      'an event that is there twice with another content',
      ({ entries }) => entries.splice(5, 0, told(stockOf('b', 2n, 7), { id: 'again' })),
      [
        'b/stock: every version has one event only: version 2 is told again by again',
        'b/stock: every version has one event only: version 2 is told differently by again: onHand',
      ],
    ],
    [
      'a row without an event',
      ({ rows }) => rows.splice(2, 0, stockOf('bb', 1n)),
      [
        'bb/stock: every row has a history: version 1 of it, and no entry',
        'bb/stock: a baseline could stand for it',
      ],
    ],
    [
      'a field that was changed',
      ({ rows }) => (rows[1] = stockOf('b', 3n, 9)),
      [`b/stock: ${has}: onHand at version 3: the trail says 3, the service has 9`],
    ],
    [
      'a row that is older than its history',
      ({ rows }) => (rows[1] = stockOf('b', 2n)),
      [
        'b/stock: no row is older than its history: version 2 was read after the trail had version 3',
      ],
    ],
    [
      'a history without a row',
      ({ rows }) => rows.splice(2, 1),
      [
        'c/stock: every history has a row, unless its last event says that it is gone: told up to version 3',
      ],
    ],
    [
      'an event that cannot be read',
      ({ entries }) => entries.splice(4, 1, told(stockOf('b', 2n), { data: Uint8Array.of(255) })),
      [
        'b/stock: every event can be read: b@2, version 2, cannot be read as meridian.catalog.v1.StockChanged of a stock',
      ],
    ],
    [
      'an event that says another version than its header',
      ({ entries }) => entries.splice(4, 1, told(stockOf('b', 2n), { version: 9n })),
      ['b/stock: every event can be read: b@2, version 9, says version 2'],
    ],
    [
      'a history that begins late',
      (world) => without(world, 'a@1', 'a@2', 'b@1', 'c@1', 'c@3'),
      [
        'a/stock: every version has an event: of 3, missing: 1 to 2',
        'a/stock: a baseline could stand for it',
        'b/stock: every version has an event: of 3, missing: 1',
        'b/stock: a baseline could stand for it',
        'c/stock: every version has an event: of 3, missing: 1, 3',
        'c/stock: a baseline could stand for it',
      ],
    ],
  ])('%s', async (_what, plant, expected) => {
    expect((await stockSuspects(plant)).found).toEqual(expected);
  });

  test('an account with other roles, one that is there though it was deleted, and one that was not', async () => {
    expect(await accountSuspects(({ rows: [row] }) => row?.roles.pop())).toEqual([
      `ann: ${has}: roles[1] at version 3: the trail says "b", the service has nothing`,
    ]);
    const deleted = accountEvent(AccountDeletedSchema, 4n);
    const still = await accountSuspects((world) => {
      world.rows.splice(0, 1, create(AccountStateSchema, { accountId: 'ann', version: 4n }));
      world.entries.push(deleted);
    });
    expect(still).toEqual([`ann: ${has}: gone since version 4, and the service has it`]);
    expect(await accountSuspects(({ rows }) => rows.pop())).toHaveLength(1);
    const gone = await accountSuspects((world) => {
      world.rows.pop();
      world.entries.push(deleted);
    });
    expect(gone).toEqual([]);
    // Gone, and all the same each version is to be there.
    const torn = await accountSuspects((world) => {
      world.rows.pop();
      without(world, 'ann@2');
      world.entries.push(deleted);
    });
    expect(torn).toEqual(['ann: every version has an event: of 4, missing: 2']);
  });
});

describe('what only differs for a moment raises no suspicion', () => {
  test('an event that is late is waited for', async () => {
    const late = await stockSuspects(
      (world) => without(world, 'b@3'),
      ({ entries }) => entries.push(told(stockOf('b', 3n))),
    );
    expect(late).toEqual({ found: [], waits: 1 });
  });

  test('a row that came or changed after its page was read is read again', async () => {
    const world = soundStock();
    const [now, before] = [[...world.rows], [stockOf('a', 1n), ...world.rows.slice(1, 2)]];
    let read = 0;
    Object.defineProperty(world, 'rows', { get: () => (read++ < 2 ? before : now) });
    expect(await suspects('stock', world)).toEqual({ found: [], waits: 0 });
    expect(read).toBeGreaterThan(2);
  });

  test('an account that was deleted after its page was read is gone when rows are read again', async () => {
    const world = soundAccount();
    const [row, ...none] = world.rows;
    world.entries.push(accountEvent(AccountDeletedSchema, 4n));
    let read = 0;
    Object.defineProperty(world, 'rows', { get: () => (read++ < 2 ? [row] : none) });
    expect((await suspects('account', world)).found).toEqual([]);
  });
});

describe('a baseline', () => {
  const baseline = (stock: Stock): TrailEntry =>
    told(stock, { kind: 'baseline', id: `baseline/${stock.productId}/stock/${stock.version}` });

  test('stands for the versions before it, and for its own', async () => {
    const found = await stockSuspects((world) => {
      without(world, 'a@1', 'a@2', 'b@1', 'b@2', 'b@3');
      world.entries.push(
        baseline(stockOf('a', 3n)),
        baseline(stockOf('b', 2n)),
        told(stockOf('b', 3n)),
      );
      world.entries.sort((one, other) => (one.subject < other.subject ? -1 : 1));
    });
    expect(found).toEqual({ found: [], waits: 0 });
  });

  test('does not stand for what was lost after it, and has to say what the event of its version says', async () => {
    const { found } = await stockSuspects((world) => {
      without(world, 'a@1', 'a@2', 'b@1', 'b@3');
      world.entries.push(baseline(stockOf('a', 3n, 8)), baseline(stockOf('b', 2n)));
      world.entries.sort((one, other) => (one.subject < other.subject ? -1 : 1));
    });
    expect(found).toEqual([
      'a/stock: every version has one event only: version 3 is told differently by baseline/a/stock/3: onHand',
      'b/stock: every version has an event: of 3, missing: 3',
    ]);
  });
});

test('a page that is too large for a message is asked for again, smaller, and nothing else is', async () => {
  const sizes: number[] = [];
  const ask = (limit: number, status: RpcError['status']) =>
    largestPage((pageSize) => {
      sizes.push(pageSize);
      return pageSize > limit
        ? Promise.reject(new RpcError(status, 'no'))
        : Promise.resolve(pageSize);
    });
  expect(await ask(50, 'INTERNAL')).toBe(10);
  await expect(ask(0, 'INTERNAL')).rejects.toThrow('no');
  await expect(ask(50, 'UNAVAILABLE')).rejects.toThrow('no');
  expect(sizes).toEqual([1000, 100, 10, 1000, 100, 10, 1, 1000]);
});

describe('an entry whose data has moved to an archive', () => {
  const archive = (world: World<unknown>, ...ids: readonly string[]): void => {
    world.entries = world.entries.map((entry) =>
      ids.includes(entry.id) ? { ...entry, archived: true, data: new Uint8Array() } : entry,
    );
  };

  test('has its version, and the last one says what the service must have', async () => {
    const { found } = await stockSuspects((world) => archive(world, 'a@1', 'a@2'));
    expect(found).toEqual([]);
    const differing = await stockSuspects((world) => {
      archive(world, 'a@1', 'a@2');
      world.rows[0] = stockOf('a', 3n, 9);
    });
    expect(differing.found).toEqual([
      expect.stringContaining('the trail says 3, the service has 9'),
    ]);
  });

  test('is missed and found twice as any other', async () => {
    const { found } = await stockSuspects((world) => {
      archive(world, 'a@1', 'b@1', 'c@2');
      without(world, 'a@2');
      world.entries.push(told(stockOf('b', 1n), { id: 'again', archived: true }));
    });
    expect(found).toEqual([
      'a/stock: every version has an event: of 3, missing: 2',
      'b/stock: every version has one event only: version 1 is told again by again',
    ]);
  });

  test('is not held against a row that is as old: that is read again, and has to be as new', async () => {
    const { found } = await stockSuspects((world) => {
      archive(world, 'a@2');
      world.rows[0] = stockOf('a', 2n);
    });
    expect(found).toEqual([expect.stringContaining('no row is older than its history')]);
  });

  test('stands for no state that it never told', async () => {
    const found = await accountSuspects((world) => {
      world.entries.push(accountEvent(SessionCreatedSchema, 4n));
      archive(world, 'ann@3');
      world.rows = [create(AccountStateSchema, { accountId: 'ann', version: 4n, roles: ['a'] })];
    });
    expect(found).toEqual([expect.stringContaining('roles[1] at version 4')]);
  });
});
