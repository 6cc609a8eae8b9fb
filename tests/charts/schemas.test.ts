import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkManifest } from '@meridian/provider-rehearsal/schemas/check-manifest.ts';
import { runChartProgram } from './chart-program.ts';
import type { ClusterObject } from './rendered-chart.ts';
import { allObjects, charts, manifests, withDefaults } from './rendered-chart.ts';
import { writeStandaloneSchemas } from './standalone-schemas.ts';

type Checked = ClusterObject & Readonly<Record<string, unknown>>;

/** What is rendered for the staging stack: a text for each chart, and one for everything else. */
const rendered: readonly (readonly [string, readonly Checked[]])[] = [
  ...[...charts].map(([name, chart]) => [name, objectsIn(withDefaults(chart))] as const),
  ['everything beside the charts', [...manifests.values()].flatMap(objectsIn)],
];

function objectsIn(text: string): readonly Checked[] {
  return allObjects(text) as readonly Checked[];
}

/** The object with a property that no kind has, as deep as every kind allows to plant it. */
function planted(object: Checked): Checked {
  const { spec } = object as { readonly spec?: object };
  return spec === undefined
    ? { ...object, planted: 1 }
    : { ...object, spec: { ...spec, planted: 1 } };
}

const titleOf = ({ kind, metadata }: ClusterObject): string => `${kind} ${metadata.name}`;

describe.each(rendered)('the objects of %s', (_name, objects) => {
  test('fit the schemas of their kinds', () => {
    const problems = objects.flatMap((object) =>
      checkManifest(object).map(({ path: at, message }) => `${titleOf(object)}: ${at} ${message}`),
    );
    expect(problems).toEqual([]);
  });

  test('no longer fit with a property that no kind has', () => {
    const found = objects.filter((object) =>
      checkManifest(planted(object)).some(
        ({ path: at, message }) =>
          at.endsWith('planted') && message.startsWith('is not a property here'),
      ),
    );
    expect(found.map(titleOf)).toEqual(objects.map(titleOf));
  });
});

/** An independent reading of the same schemas, in which every kind has a file of its own. */
describe('kubeconform', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-schemas-'));
  beforeAll(() => writeStandaloneSchemas(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const judge = (objects: readonly unknown[]): readonly string[] => {
    const location = path.join(folder, '{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json');
    const args = ['-strict', '-output', 'json', '-verbose', '-schema-location', location];
    const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const { stdout } = runChartProgram('kubeconform', args, input);
    const { resources } = JSON.parse(stdout) as {
      readonly resources: readonly { readonly status: string; readonly msg: string }[];
    };
    return resources.map(({ status, msg }) => `${status} ${msg}`.trim());
  };
  const all = rendered.flatMap(([, objects]) => objects);

  test('finds nothing wrong with any object', () => {
    expect(judge(all)).toEqual(all.map(() => 'statusValid'));
  });

  test('finds a property that no kind has in every object', () => {
    expect(judge(all.map(planted))).toEqual(
      all.map(() => expect.stringMatching(/^statusInvalid .*additional properties 'planted'/)),
    );
  });
});
