import path from 'node:path';
import { expect, test } from '@jest/globals';
import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { Finding } from './finding.ts';
import { judgedFindings } from './judged-findings.ts';
import { changedFile } from './positions/changed-lines.ts';
import type { ChangedLines } from './positions/changed-lines.ts';
import { objectMakers } from './positions/object-makers.ts';

const MAKERS = objectMakers(path.join(import.meta.dirname, '../..'));

const POLICY = 'components/kubernetes/restricted.ts';
const KAFKA = 'components/kafka/kubernetes/strimzi-cluster.ts';

/** Two files of landings, of which neither declares anything. */
const CHANGED: ChangedLines = new Map([
  [
    POLICY,
    changedFile(
      POLICY,
      'a\nreadOnlyRootFilesystem: true,\n',
      'a\nreadOnlyRootFilesystem: false,\n',
    ),
  ],
  [
    KAFKA,
    changedFile(
      KAFKA,
      "x\n\n'ssl.client.auth': 'required',\n",
      "x\n\n'ssl.client.auth': 'none',\n",
    ),
  ],
]);

const finding = (of: Partial<Finding>): Finding => ({
  kind: 'object-changed',
  subject: 'Rollout meridian/catalog',
  among: 'rollouts',
  consequence: 'it is another',
  ...of,
});

const placesOf = (findings: readonly Finding[], changed: ChangedLines = CHANGED) =>
  judgedFindings(findings, {
    base: {},
    head: { 'service catalog': { file: 'services/catalog/service.ts', line: 8 } },
    changed,
    makers: MAKERS,
  }).map(({ at }) => at);

test('an object that no declaration tells of is blamed on the line that changed with its field', () => {
  expect(
    placesOf([
      finding({
        property: 'spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem',
      }),
    ]),
  ).toEqual([{ file: POLICY, line: 2 }]);
  expect(
    placesOf([
      finding({
        subject: 'Kafka meridian-data/meridian',
        property: 'spec.kafka.config["ssl.client.auth"]',
      }),
    ]),
  ).toEqual([{ file: KAFKA, line: 3 }]);
});

test('a declaration that did not change is not blamed for what a landing makes of it', () => {
  const from = { declaration: 'service catalog' };
  expect(placesOf([finding({ from, property: 'spec.replicas' })])).toEqual([undefined]);
});

test('where one file alone changed, its line is to blame', () => {
  const alone = new Map([...CHANGED].slice(1));
  expect(placesOf([finding({ property: 'spec.somethingElse' })], alone)).toEqual([
    { file: KAFKA, line: 3 },
  ]);
});

test('dangers come first, whatever their order was', () => {
  const kinds = judgedFindings(
    [finding({}), finding({ kind: 'call-added' }), finding({ kind: 'data-deleted' })],
    { base: {}, head: {}, changed: new Map(), makers: MAKERS },
  ).map(({ kind, level }) => [level, kind]);
  expect(kinds).toEqual([
    ['danger', 'data-deleted'],
    ['check', 'call-added'],
    ['note', 'object-changed'],
  ]);
});

test('what is made again because what it refers to is has the line of that, and another line where there are two', () => {
  const NETWORK = 'stacks/prod-network.ts';
  const SIZES = 'stacks/prod-sizes.ts';
  const changed: ChangedLines = new Map([
    [NETWORK, changedFile(NETWORK, "\nCIDR = '10.64.0.0/16';\n", "\nCIDR = '10.80.0.0/16';\n")],
    [SIZES, changedFile(SIZES, "nodes: 'cache.m7g.large',\n", "nodes: 'cache.r7g.large',\n")],
  ]);
  const replaced = (subject: string, property: string, before: string, after: string): Finding =>
    finding({
      ...{ kind: 'data-replaced', subject, among: 'objects', before: 'data', after: 'empty' },
      clue: { property, before, after },
    });
  const network = replaced('Vpc network', 'cidrBlock', '10.64.0.0/16', '10.80.0.0/16');
  const kafka = replaced('Cluster kafka', 'vpcId', 'vpc-1', UNKNOWN_VALUE);
  const cache = replaced('Cluster cache', 'nodeType', 'cache.m7g.large', 'cache.r7g.large');
  const [at, of] = [
    { file: NETWORK, line: 2 },
    { file: SIZES, line: 1 },
  ];
  // Sorted by their subjects.
  expect(placesOf([network, kafka], changed)).toEqual([at, at]);
  expect(placesOf([network, kafka, cache], changed)).toEqual([of, undefined, at]);
  expect(
    judgedFindings([network], { base: {}, head: {}, changed, makers: MAKERS }).filter(
      ({ clue }) => clue !== undefined,
    ),
  ).toEqual([]);
});
