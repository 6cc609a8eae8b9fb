import type { ClusterNeeds, NeededDefinitions } from '../resources/cluster-check.ts';
import { readList } from './read-list.ts';
import type { Asked, Named } from './read-list.ts';

/** Definitions alone are some 15 MB, of which this is what tells where they are from. */
const METADATA_ALONE = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Where definitions say what they are of; the others say nothing. */
const RELEASE_LABEL = 'app.kubernetes.io/version';
const BUNDLE_VERSION = 'gateway.networking.k8s.io/bundle-version';

/** By which Helm knows its own. Source: Helm 3.22, pkg/action/validate.go */
const HELM_RELEASE = 'meta.helm.sh/release-name';
const HELM_NAMESPACE = 'meta.helm.sh/release-namespace';

/** What a cluster has of a group and version of the API. */
export interface ServedDefinitions {
  /** Versions of the group; none where there is no such group. */
  readonly versions: readonly string[];
  /** Kinds of the version that is needed. */
  readonly kinds: readonly string[];
  /** Every definition of the group, by its metadata. */
  readonly definitions: readonly Named[];
}

/** Whether the operators' definitions are those that the program is written for. */
export async function definitionProblems(
  api: Asked,
  { definitions, operators }: Pick<ClusterNeeds, 'definitions' | 'operators'>,
): Promise<readonly string[]> {
  if (definitions.length === 0) return [];
  const all = await readList(api, 'CustomResourceDefinitions', PATH, METADATA_ALONE);
  const found = await Promise.all(
    definitions.map(async (needed) => {
      const [group = ''] = needed.apiVersion.split('/');
      const served: ServedDefinitions = {
        ...(await servedOf(api, needed.apiVersion)),
        definitions: all.filter(({ metadata }) => metadata.name.endsWith(`.${group}`)),
      };
      return operators === 'installed' || needed.setting !== undefined
        ? problemsOfInstalled(needed, served)
        : problemsOfForeign(needed, served);
    }),
  );
  return found.flat();
}

async function servedOf(
  api: Asked,
  apiVersion: string,
): Promise<Pick<ServedDefinitions, 'versions' | 'kinds'>> {
  const [group = ''] = apiVersion.split('/');
  const [ofGroup, ofVersion] = await Promise.all(
    [group, apiVersion].map((path) => api.ask({ path: `/apis/${path}` })),
  );
  const { versions } = (ofGroup?.status === 200 ? ofGroup.body : { versions: [] }) as {
    readonly versions: readonly { readonly version: string }[];
  };
  const { resources } = (ofVersion?.status === 200 ? ofVersion.body : { resources: [] }) as {
    readonly resources: readonly { readonly kind: string }[];
  };
  return {
    versions: versions.map(({ version }) => version),
    kinds: resources.map(({ kind }) => kind),
  };
}

/** What is wrong with definitions that somebody else has installed for the program. */
export function problemsOfInstalled(
  needed: NeededDefinitions,
  { versions, kinds, definitions }: ServedDefinitions,
): readonly string[] {
  const { operator, apiVersion, release, setting = 'operators' } = needed;
  const missing = needed.kinds.filter((kind) => !kinds.includes(kind));
  if (missing.length > 0) {
    const got = versions.length === 0 ? 'none' : versions.join(', ');
    return [
      `Operator '${operator}': its definitions must serve ${missing.join(', ')} of ${apiVersion}, got ${got}; have ${release} installed, or unset meridian:${setting}`,
    ];
  }
  return otherReleases(definitions, release).map(
    (got) =>
      `Operator '${operator}': its definitions must be of ${minorOf(release)}, got ${got}; have ${release} installed`,
  );
}

/** What is wrong with definitions that are there before the program installs the operator. */
export function problemsOfForeign(
  needed: NeededDefinitions,
  { versions, definitions }: ServedDefinitions,
): readonly string[] {
  const { operator, namespace, apiVersion, release } = needed;
  const foreign = definitions.filter(({ metadata: { annotations } }) => {
    const [name, place] = [annotations?.[HELM_RELEASE], annotations?.[HELM_NAMESPACE]];
    return name !== operator || place !== namespace;
  });
  if (foreign.length === 0) return [];
  const fix = `remove it, or have ${release} installed and set meridian:operators to installed`;
  const owned = foreign.find(({ metadata }) => metadata.annotations?.[HELM_RELEASE] !== undefined);
  if (owned !== undefined) {
    const owner = owned.metadata.annotations?.[HELM_RELEASE] ?? '';
    return [
      `Operator '${operator}': nobody else must have installed ${owned.metadata.name}, got one of Helm's release '${owner}'; ${fix}`,
    ];
  }
  const version = apiVersion.split('/')[1] ?? '';
  if (!versions.includes(version)) {
    return [
      `Operator '${operator}': definitions of ${apiVersion} must serve ${version} where there are any, got ${versions.join(', ')}; ${fix}`,
    ];
  }
  return otherReleases(foreign, release).map(
    (got) =>
      `Operator '${operator}': definitions that are there must be of ${minorOf(release)}, got ${got}; ${fix}`,
  );
}

/** Each release once that definitions say and that is another minor version. */
function otherReleases(definitions: readonly Named[], release: string): readonly string[] {
  const said = definitions.flatMap(
    ({ metadata: { labels, annotations } }) =>
      annotations?.[BUNDLE_VERSION] ?? labels?.[RELEASE_LABEL] ?? [],
  );
  return [...new Set(said)].filter((got) => minorOf(got) !== minorOf(release));
}

/** Two of the three numbers: definitions of one minor version go together. */
function minorOf(release: string): string {
  return release.replace(/^v/, '').split('.').slice(0, 2).join('.');
}
