import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { EXTERNAL_SECRETS } from './external-secrets.ts';
import { LOAD_BALANCER_CONTROLLER } from './load-balancer-controller.ts';
import { KUBERNETES, OPERATORS, STRIMZI } from './sources.ts';

const generated = path.join(import.meta.dirname, '../../../providers/rehearsal/schemas/gen');
const read = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(generated, `${name}.json`), 'utf8'));
const index = read('index') as Readonly<Record<string, string>>;

const sources = [
  ...Object.entries({ kubernetes: KUBERNETES, ...OPERATORS }).map(
    ([name, { module, version }]) => [name, `Go module ${module} v${version}`] as const,
  ),
  ['external-secrets', EXTERNAL_SECRETS.source] as const,
  ['load-balancer-controller', LOAD_BALANCER_CONTROLLER.source] as const,
  [
    'strimzi',
    `Maven artifact io.strimzi:${STRIMZI.classes.artifact}:${STRIMZI.classes.version}`,
  ] as const,
];

// The check of other generated code generates again; this one would need every module.
test.each(sources)('the schemas of %s are of the pinned version', (name, source) => {
  expect(read(name)).toMatchObject({ source });
});

test('every wanted kind has a schema, and no other file has any', () => {
  const wanted = {
    kubernetes: Object.values(KUBERNETES.kinds).flat(),
    ...Object.fromEntries(Object.entries(OPERATORS).map(([name, { kinds }]) => [name, kinds])),
    'external-secrets': ['ExternalSecret'],
    'load-balancer-controller': ['TargetGroupBinding'],
    strimzi: Object.keys(STRIMZI.kinds),
  };
  const found = Object.groupBy(Object.keys(index), (kind) => index[kind] ?? '');
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(wanted).toSorted());
  for (const [name, kinds] of Object.entries(wanted)) {
    const names = (found[name] ?? []).map((kind) => kind.split('/').at(-1));
    expect([...new Set(names)].toSorted()).toEqual([...kinds].toSorted());
  }
});
