import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ApiError } from './kubernetes-client.ts';
import { ClientError, type TestCluster } from './test-cluster.ts';

/** A manifest that `npm run render` has written. */
export interface RenderedManifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
}

/** What became of the manifests. */
export interface Applied {
  /** What the API server said against them; empty when it took all. */
  readonly refusals: string;
  /** Kinds of operators whose CustomResourceDefinitions are not at hand: `<group>/<kind>`. */
  readonly unknownKinds: readonly string[];
}

/** As the API server takes objects: every field is checked against the schema of its kind, and who is warned has failed. */
const STRICTLY = ['--server-side', '--validate=strict', '--warnings-as-errors'] as const;

/**
 * Applies the manifests of a rendered stack in their order.
 *
 * @param nouns whose manifests, by the names of their folders. @default all but what charts install
 */
export async function applyManifests(
  cluster: TestCluster,
  folder: string,
  nouns: readonly string[] = readdirSync(folder)
    .filter((noun) => noun !== 'services')
    .toSorted(),
): Promise<Applied> {
  const manifests = nouns.flatMap((noun) => readManifests(join(folder, noun)));
  const known = await knownKinds(cluster, manifests);
  const applied = manifests.filter((manifest) => known.has(kindOf(manifest)));
  const unknown = manifests.filter((manifest) => !known.has(kindOf(manifest)));
  return {
    refusals: await apply(cluster, applied),
    unknownKinds: [...new Set(unknown.map(kindOf))].toSorted(),
  };
}

/** What the API server and the webhooks that it asks say against an object, be it there or not; empty when they take it. */
export async function judge(cluster: TestCluster, object: object): Promise<string> {
  const file = join(cluster.folder, 'judged.json');
  await writeFile(file, JSON.stringify(object));
  try {
    await cluster.kubectl(
      'apply',
      ...STRICTLY,
      '--dry-run=server',
      '--force-conflicts',
      '-f',
      file,
    );
    return '';
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
}

async function apply(
  cluster: TestCluster,
  manifests: readonly RenderedManifest[],
): Promise<string> {
  if (manifests.length === 0) return '';
  const files = manifests.flatMap(({ file }) => ['-f', file]);
  try {
    await cluster.kubectl('apply', ...STRICTLY, ...files);
    return '';
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
}

/** Those of one noun but the releases of other people's charts, which are not objects of a cluster. */
export function readManifests(folder: string): readonly RenderedManifest[] {
  return readdirSync(folder)
    .toSorted()
    .filter((name) => !/^\d+-release-/.test(name))
    .map((name) => {
      const file = join(folder, name);
      const { apiVersion, kind } = parse(readFileSync(file, 'utf8')) as RenderedManifest;
      return { file, apiVersion, kind };
    });
}

/** The kinds of the manifests that the API server serves. */
async function knownKinds(
  { api }: TestCluster,
  manifests: readonly RenderedManifest[],
): Promise<ReadonlySet<string>> {
  const versions = new Set(manifests.map(({ apiVersion }) => apiVersion));
  const known = new Set<string>();
  for (const apiVersion of versions) {
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    try {
      const { resources } = await api.get<{
        readonly resources: readonly { readonly kind: string }[];
      }>(path);
      for (const { kind } of resources) known.add(kindOf({ apiVersion, kind }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }
  return known;
}

function kindOf({ apiVersion, kind }: Pick<RenderedManifest, 'apiVersion' | 'kind'>): string {
  return `${apiVersion.split('/').slice(0, -1).join('/')}/${kind}`;
}
