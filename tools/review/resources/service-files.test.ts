import { describe, expect, test } from '@jest/globals';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { contextRules } from '@meridian/components/service/context-rules.ts';
import { withValue } from '@meridian/policies/testing/with-value.ts';
import { graph } from '../../../tests/charts/lowered-staging.ts';
import { previewSteps } from '../corpus/testing/preview-steps.ts';
import { STAGING } from '../corpus/testing/staging-resources.ts';
import type { GivenResource } from '../corpus/testing/staging-resources.ts';
import type { Finding } from '../finding.ts';
import { resourceFindings } from './resource-findings.ts';

const FILE = ['spec', 'template', 'metadata', 'annotations', 'meridian/service.json'];

/** The graph as it would be if anybody with an account could have orders refunded. */
const opened = {
  ...graph,
  services: graph.services.map((service) => ({
    ...service,
    methods: service.methods.map((method) =>
      method.name === 'RefundOrder' ? { ...method, roles: ['customer', 'support'] } : method,
    ),
  })),
} as LandedGraph;

/** What is told where orders deploys the file that some other settings make of its own. */
function told(
  settings: (file: Readonly<Record<string, unknown>>) => object,
  declared: { readonly base: LandedGraph; readonly head: LandedGraph },
): readonly Finding[] {
  const base = STAGING.filter(({ title }) => title === 'Rollout meridian/orders');
  const head = base.map((resource): GivenResource => {
    const before = JSON.parse(
      String(
        FILE.reduce<unknown>((value, key) => Reflect.get(value as object, key), resource.inputs),
      ),
    ) as Readonly<Record<string, unknown>>;
    const after = JSON.stringify({ ...before, ...settings(before) });
    return {
      ...resource,
      inputs: withValue(resource.inputs, FILE, after) as GivenResource['inputs'],
    };
  });
  return resourceFindings(previewSteps(base, head), { declared }).filter(
    ({ kind }) => !['object-changed', 'service-restarted'].includes(kind),
  );
}

/** For whom the methods of orders act, as a graph has it. */
const contextOf = (of: LandedGraph) => {
  const orders = of.services.find(({ name }) => name === 'orders');
  return orders === undefined ? {} : { context: contextRules(of, orders) };
};

describe('a service that lets in others', () => {
  test('than the program says that it declares is a danger that names the method', () => {
    expect(told(() => contextOf(opened), { base: graph, head: graph })).toMatchObject([
      {
        kind: 'declared-otherwise',
        subject: 'orders',
        property: 'for whom it acts: RefundOrder',
        before: 'declared user, support',
        after: 'deployed user, customer, support',
      },
    ]);
  });

  test('and callers than it declares is one too', () => {
    const allow = {
      '/meridian.orders.v1.OrdersService/RefundOrder': ['spiffe://a/ns/b/sa/search'],
    };
    expect(
      told(({ allow: lists }) => ({ allow: { ...(lists as object), ...allow } }), {
        base: graph,
        head: graph,
      }).map(({ kind }) => kind),
    ).toContain('declared-otherwise');
  });

  test('as it declares is told of what is declared', () => {
    expect(told(() => contextOf(opened), { base: graph, head: opened })).toEqual([]);
  });

  test('although it declares that it does so no more is a danger', () => {
    expect(told(() => ({}), { base: graph, head: opened })).toMatchObject([
      { kind: 'declared-otherwise', after: 'deployed user, support' },
    ]);
  });
});

test.each([
  [0, 'sight-lost'],
  [50, 'sight-lost'],
])('traces of %d percent of requests are %s', (traceSamplePercent, kind) => {
  expect(told(() => ({ traceSamplePercent }), { base: graph, head: graph })).toMatchObject([
    { kind, property: 'traces', before: '100 %', after: `${traceSamplePercent} %` },
  ]);
});

test('any other setting is unknown where nothing declares it', () => {
  expect(told(() => ({ drain: {} }), { base: graph, head: graph })).toMatchObject([
    { kind: 'unknown-change', property: 'drain' },
  ]);
});
