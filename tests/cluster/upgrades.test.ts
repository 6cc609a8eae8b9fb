import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { customResourceOperators, formerOperators } from '../../tools/engines/custom-resources.ts';
import { addCustomResources, applyDefinitions } from './harness/controllers.ts';
import { customResources, formerResources } from './harness/programs.ts';
import { addGround, type RenderedStack } from './harness/staging.ts';
import { readManifests } from './harness/manifests.ts';
import { TestCluster } from './harness/test-cluster.ts';

/** An object of a kind that an operator defines. */
interface CustomObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: unknown;
}

/** What of a CustomResourceDefinition an upgrade can break. */
interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
  readonly status: { readonly storedVersions: readonly string[] };
}

/** Versions in which objects were declared before, where it is another. */
const FORMER_VERSIONS: Readonly<Record<string, string>> = {
  BackendTLSPolicy: 'gateway.networking.k8s.io/v1alpha3',
};

let cluster: TestCluster;
let objects: readonly CustomObject[];

beforeAll(async () => {
  cluster = await TestCluster.start();
  // What was pinned before trust-manager's cannot be had.
  await addCustomResources(
    cluster,
    customResourceOperators.filter((operator) => !formerOperators.includes(operator)),
  );
  await applyDefinitions(cluster, formerOperators.map(formerResources));
  const stack = await addGround(cluster);
  objects = await customObjects(stack);
});
afterAll(async () => {
  await cluster.stop();
});

async function readDefinitions(): Promise<ReadonlyMap<string, Definition>> {
  const found = await cluster.api.list<Definition>(
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  );
  return new Map(
    found.map((definition) => [
      `${definition.spec.group}/${definition.spec.names.kind}`,
      definition,
    ]),
  );
}

const kindOf = ({ apiVersion, kind }: CustomObject): string =>
  `${apiVersion.split('/')[0] ?? ''}/${kind}`;

/** Every object of the stack whose kind an operator defines. */
async function customObjects({ manifests }: RenderedStack): Promise<readonly CustomObject[]> {
  const known = await readDefinitions();
  return readdirSync(manifests)
    .flatMap((noun) => readManifests(join(manifests, noun)))
    .map(({ file }) => parse(readFileSync(file, 'utf8')) as CustomObject)
    .filter((object) => known.has(kindOf(object)));
}

/** A folder with a file of them all. */
function written(name: string, given: readonly CustomObject[]): string {
  const folder = join(cluster.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'objects.yaml'), given.map((each) => stringify(each)).join('---\n'));
  return folder;
}

/** What the API server has of each object, by its place there; in its former version as long as the other is not served. */
async function stored(): Promise<Readonly<Record<string, unknown>>> {
  const known = await readDefinitions();
  const read = objects.map(async (object) => {
    const { namespace, name } = object.metadata;
    const { versions, names } = known.get(kindOf(object))?.spec ?? {
      versions: [],
      names: undefined,
    };
    const isServed = versions.some((version) => object.apiVersion.endsWith(`/${version.name}`));
    const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
    const path = `${place}${names?.plural ?? ''}/${name}`;
    const version = isServed ? object.apiVersion : formerVersion(object);
    const { spec } = await cluster.api.get<CustomObject>(`/apis/${version}/${path}`);
    return [path, spec] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

function formerVersion({ apiVersion, kind }: CustomObject): string {
  return FORMER_VERSIONS[kind] ?? apiVersion;
}

test('an upgrade of definitions loses no field of an object, and takes what is declared now', async () => {
  const former = objects.map((object) => ({ ...object, apiVersion: formerVersion(object) }));
  // A field that the former definitions do not know is left out by the API server, as nobody had set it.
  await cluster.kubectl('create', '--validate=ignore', '-f', written('former', former));
  const before = await stored();
  expect(Object.keys(before).length).toBeGreaterThan(100);
  await applyDefinitions(cluster, customResourceOperators.map(customResources));
  // What is new may have a default.
  expect(await stored()).toMatchObject(before);
  const strictly = ['apply', '--server-side', '--force-conflicts', '--validate=strict'];
  await cluster.kubectl(...strictly, '-f', written('declared', objects));
  for (const { metadata, spec, status } of (await readDefinitions()).values()) {
    const served = spec.versions.map(({ name }) => name);
    const lost = status.storedVersions.filter((version) => !served.includes(version));
    expect([metadata.name, lost]).toEqual([metadata.name, []]);
  }
});
