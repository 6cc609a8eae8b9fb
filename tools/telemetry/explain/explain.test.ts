import { describe, expect, test } from '@jest/globals';
import { sampleGraph as graph } from '../../console/testing/sample-graph.ts';
import { FAULTS } from '../../drill/faults.ts';
import { FAULT_NAMES } from '../../drill/fault.ts';
import type { FaultName } from '../../drill/fault.ts';
import { sampleSpan, traceIdOf } from '../testing/sample-span.ts';
import { explain } from './explain.ts';
import { explanationText } from './explanation-text.ts';
import { BEGAN_MS, NOW_MS, sampleSnapshot } from './testing/sample-snapshot.ts';
import type { SampleTrouble } from './testing/sample-snapshot.ts';
import type { Snapshot } from './snapshot.ts';

const LIMITS = {
  replicas: Object.fromEntries(graph.services.map(({ name }) => [name, 3])),
  certificateLifetimeSeconds: 3_600,
};

function explained(trouble: SampleTrouble = {}, more: Partial<Snapshot> = {}) {
  return explain(graph, sampleSnapshot(graph, trouble, more), LIMITS);
}

const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => id);

/** Timeouts and slow calls of a machine that has too much to do, which every drill of ours has met. */
const BUSY = {
  'catalog>redis': { errors: 0.9 },
  'gateway>redis': { errors: 0.8 },
  'catalog>postgres': { seconds: 0.8, slowShare: 0.08 },
  'orders>postgres': { seconds: 0.9, slowShare: 0.05 },
  'gateway>search': { seconds: 0.9, slowShare: 0.06 },
} as const;

/** What each drill looks like when somebody is told of it. */
const SHAPES: Readonly<Record<FaultName, SampleTrouble>> = {
  // A process that is stopped now and then looks late at the answers to its own calls too.
  'slow-service': {
    edges: {
      'users>gateway': { seconds: 0.9, slowShare: 0.6 },
      'gateway>catalog': { seconds: 0.45, slowShare: 0.8 },
      'orders>catalog': { seconds: 0.45, slowShare: 0.7 },
      'search>catalog': { seconds: 0.45, slowShare: 0.7 },
      'audit>catalog': { seconds: 0.45, slowShare: 0.7 },
      'catalog>postgres': { seconds: 0.4, slowShare: 0.08 },
      'catalog>redis': { errors: 0.2 },
    },
  },
  errors: {
    edges: {
      'users>gateway': { errors: 0.3 },
      'gateway>orders': { errors: 0.9 },
      'orders>postgres': { errors: 0.4 },
    },
  },
  'dead-zone': {
    gone: ['b'],
    enginesGone: ['kafka-b'],
    edges: { 'gateway>identity': { errors: 0.1 }, 'gateway>catalog': { errors: 0.2 } },
  },
  'lagging-consumer': {
    locksWaiting: 3,
    edges: { 'payments.events.v1>orders': { seconds: 50 } },
  },
  'stuck-outbox': { edges: { 'catalog>catalog.events.v1': { seconds: 130 } } },
  'full-pool': {
    locksWaiting: 30,
    edges: {
      'users>gateway': { errors: 0.4 },
      'gateway>catalog': { errors: 0.5 },
      'gateway>orders': { errors: 0.3 },
      'orders>catalog': { errors: 0.6 },
      'catalog>postgres': { errors: 0.5 },
    },
  },
  'broker-gone': {
    enginesGone: ['kafka'],
    edges: {
      'orders>orders.events.v1': { seconds: 60 },
      'payments>payments.events.v1': { seconds: 60 },
      'catalog>catalog.events.v1': { seconds: 60 },
    },
  },
  'expiring-certificate': { certificates: { 'catalog-b-0': 560 } },
  'memory-leak': { gone: ['catalog-b-0'], edges: { 'gateway>catalog': { errors: 0.05 } } },
  'search-behind': {
    edges: {
      'search>elasticsearch': { errors: 0.3 },
      'catalog.events.v1>search': { seconds: 60 },
    },
  },
};

describe('what broke first', () => {
  test.each(FAULT_NAMES)('%s is named, and so it is on a busy machine', (fault) => {
    const shape = SHAPES[fault];
    expect(explained(shape).first?.id).toBe(FAULTS[fault].brokeFirst);
    const busy = { ...shape, edges: { ...BUSY, ...shape.edges } };
    expect(explained(busy).first?.id).toBe(FAULTS[fault].brokeFirst);
  });

  test('is said with what follows from it, since when, and nothing else where all follows', () => {
    const { first, follows, others, edges } = explained(SHAPES.errors);
    expect(first).toMatchObject({ kind: 'edge', sinceMs: BEGAN_MS + 10_000 });
    expect(ids(follows).toSorted()).toEqual(['gateway>orders', 'users>gateway']);
    expect(others).toEqual([]);
    const roles = Object.fromEntries(edges.map(({ id, role }) => [id, role]));
    expect(roles).toMatchObject({
      ...{ 'orders>postgres': 'first', 'gateway>orders': 'after', 'gateway>catalog': 'other' },
    });
  });

  test('of two faults that do not depend on each other, the one that explains more, and the other besides', () => {
    const { first, follows, others } = explained({
      enginesGone: SHAPES['broker-gone'].enginesGone ?? [],
      edges: { ...SHAPES['broker-gone'].edges, ...SHAPES['search-behind'].edges },
    });
    expect(first?.id).toBe('kafka');
    expect(ids(follows)).not.toContain('search>elasticsearch');
    expect(ids(others)).toContain('search>elasticsearch');
  });

  test('is not what failed long before a zone went', () => {
    const { first, others } = explained({
      gone: ['b'],
      edges: { 'orders>postgres': { errors: 0.4 } },
      began: { 'orders>postgres': NOW_MS - 400_000 },
    });
    expect(first?.id).toBe('zone-b');
    expect(ids(others)).toEqual(['orders>postgres']);
  });

  test('is an engine that answers, where all who use it fail', () => {
    const slow = { seconds: 2, slowShare: 0.5 };
    const users = ['audit', 'catalog', 'identity', 'orders', 'payments'];
    const edges = Object.fromEntries(users.map((user) => [`${user}>postgres`, slow]));
    expect(explained({ edges }).first?.id).toBe('postgres');
  });

  test('is the service that gets no CPU, though what it polls is late too', () => {
    // Numbers of a drill: its statements wait as long together as its callers do.
    const edges = {
      'gateway>catalog': { rate: 2.1, seconds: 0.9, slowShare: 0.36 },
      'orders>catalog': { rate: 0.5, seconds: 2.3, slowShare: 0.6 },
      'search>catalog': { rate: 0 },
      'audit>catalog': { rate: 0 },
      'catalog>postgres': { rate: 14.5, seconds: 0.5, slowShare: 0.05 },
      'gateway>orders': { rate: 0.8, seconds: 2.4, slowShare: 0.3 },
    };
    const { first, follows } = explained({ edges });
    expect(first?.id).toBe('catalog');
    expect(ids(follows)).toContain('catalog>postgres');
  });

  test('is a replica that is started again and again, and not the releases of a service', () => {
    const starts = (times: readonly number[]) =>
      explained({
        starts: Object.fromEntries(times.map((n, zone) => [`catalog-${'abc'[zone]}-0`, n])),
      });
    const said = (times: readonly number[]) => starts(times).first?.evidence[0]?.says;
    expect(said([0, 3, 0])).toBe('catalog-b-0 was started 3 times within ten minutes');
    expect(said([2, 4, 2])).toBe('catalog-b-0 was started 4 times within ten minutes');
    expect(said([5, 5, 5])).toBe('catalog-a-0 was started 5 times within ten minutes');
    expect(starts([3, 3, 3]).first).toBeNull();
    expect(starts([1, 1, 0]).first).toBeNull();
  });

  test('is not an engine that nobody asks', () => {
    const { state, unknown } = explain(graph, withMetrics({ engines: [] }), LIMITS);
    expect(state).toBe('well');
    expect(unknown).toEqual([expect.stringContaining('Nobody asks engines')]);
  });
});

function withMetrics(changes: Partial<Snapshot['metrics']>): Snapshot {
  const snapshot = sampleSnapshot(graph);
  if (snapshot.metrics === undefined) throw new Error('a sample has metrics');
  return { ...snapshot, metrics: { ...snapshot.metrics, ...changes } };
}

describe('where nothing is broken, or nobody can tell', () => {
  test.each<[string, Snapshot]>([
    ['well', sampleSnapshot(graph)],
    ['away', sampleSnapshot(graph, {}, { metrics: undefined })],
    ['stale', withMetrics({ ageSeconds: 200 })],
    ['starting', withMetrics({ ageSeconds: undefined, up: [] })],
  ])('it is %s', (state, snapshot) => {
    expect(explain(graph, snapshot, LIMITS)).toMatchObject({ state, first: null, others: [] });
  });

  test('it is quiet where nobody asks for anything', () => {
    const none = Object.fromEntries(explained().edges.map(({ id }) => [id, { rate: 0 }]));
    expect(explained({ edges: none }).state).toBe('quiet');
  });

  test('stores that do not answer are told', () => {
    const { unknown, state } = explained({}, { traces: undefined, errorLines: undefined });
    expect(state).toBe('well');
    expect(unknown).toHaveLength(2);
  });
});

describe('an explanation for people', () => {
  const failed = sampleSpan(
    { trace: 7, span: 3, parent: 2 },
    {
      ...{ service: 'orders', kind: 'client', name: 'insert_order', failed: true },
      attributes: { 'db.system.name': 'postgresql' },
    },
  );
  const text = (trouble: SampleTrouble, more: Partial<Snapshot> = {}) =>
    explanationText(explained(trouble, more), false);

  test('says in its first line what broke, since when and by what', () => {
    const told = text(SHAPES.errors, { traces: [[failed]] });
    expect(told.split('\n')[0]).toBe(
      'orders → postgres broke first, at 11:59:10 UTC (50 s ago): 40 % fail.',
    );
    expect(told).toContain('1 of 1 traces');
    expect(told).toContain(`npm run trace -- ${traceIdOf(7)}`);
    expect(told).toContain('docs/runbooks/error-budget.md');
  });

  test('has nothing of what somebody wrote that a terminal would obey', () => {
    const line = { service: 'orders', message: 'x\u001b[2J\ny' };
    const told = text(SHAPES.errors, { errorLines: [line] });
    expect(told.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(told).toContain('1 lines at level error');
  });

  test('says so where nothing is broken', () => {
    expect(text({})).toBe('Nothing is broken.');
  });
});
