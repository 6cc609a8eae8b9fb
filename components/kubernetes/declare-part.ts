import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CustomResourceOptions, ProviderResource, Resource } from '@pulumi/pulumi';
import { apiextensions, helm } from '@pulumi/kubernetes';
import { builtInKind } from './built-in-kinds.ts';
import { resourceName } from './resource-name.ts';
import type { ForeignChart, KubernetesPart, Manifest } from './manifest.ts';

/** Whose resources they are, and what comes before the first of them. */
export interface PartOptions {
  readonly parent: Resource;
  readonly dependsOn: readonly Resource[];
  /** @default the parent's */
  readonly provider?: ProviderResource;
}

/**
 * Declares what a noun is in a cluster, step by step; a kind that is not Kubernetes' own is a custom
 * resource. Gives every resource.
 */
export function declarePart(
  { steps }: KubernetesPart,
  { parent, dependsOn, provider }: PartOptions,
): readonly Resource[] {
  const declared: Resource[] = [];
  let before = dependsOn;
  for (const step of steps) {
    const { charts = [], manifests = [] } = step;
    const { protect = false, ignoreChanges = [], replaceOnChanges } = step;
    const options: StepOptions = {
      parent,
      ...(provider === undefined ? {} : { provider }),
      dependsOn: before,
      protect,
      ignoreChanges: [...ignoreChanges],
      ...(replaceOnChanges === undefined ? {} : replaced(replaceOnChanges)),
    };
    const made = [
      ...charts.map((chart) => declareChart(chart, options)),
      ...declareManifests(manifests, options),
    ];
    // What follows a step of which nothing is left waits for the one before that.
    if (made.length > 0) before = made;
    declared.push(...made);
  }
  return declared;
}

/** With what everything of a step is declared. */
type StepOptions = Omit<CustomResourceOptions, 'dependsOn'> & {
  readonly dependsOn: readonly Resource[];
};

/**
 * Side by side, but for what binds a role: whoever is not an administrator may bind only a role that is there and gives no more
 * than he holds. Source: Kubernetes 1.36, pkg/registry/rbac/rolebinding/policybased/storage.go
 */
function declareManifests(
  manifests: readonly Manifest[],
  options: StepOptions,
): readonly Resource[] {
  const binds = ({ kind }: { readonly kind: string }): boolean =>
    /^(Cluster)?RoleBinding$/.test(kind);
  const others = manifests.filter((manifest) => !binds(manifest));
  const made = others.map((manifest) => declareManifest(manifest, options));
  const roles = made.filter((_made, place) => /^(Cluster)?Role$/.test(others[place]?.kind ?? ''));
  const afterRoles = { ...options, dependsOn: [...options.dependsOn, ...roles] };
  const bound = manifests.filter(binds).map((manifest) => declareManifest(manifest, afterRoles));
  return [...made, ...bound];
}

/** Both have one name, so the provider could not make the new one beside the old one. */
function replaced(properties: readonly string[]) {
  return { replaceOnChanges: [...properties], deleteBeforeReplace: true };
}

function declareManifest(manifest: Manifest, given: StepOptions): Resource {
  const options = { ...given, dependsOn: [...given.dependsOn] };
  const name = resourceName(manifest);
  const { apiVersion, kind, ...fields } = manifest;
  const BuiltIn = builtInKind(apiVersion, kind) ?? apiextensions.CustomResource;
  // Pulumi's types are of changeable lists; nobody changes a manifest.
  return new BuiltIn(name, { ...fields, apiVersion, kind } as never, options);
}

/**
 * For images, volumes and replicas that start one after the other; Helm's own five minutes are for less.
 * Source: Pulumi, kubernetes.helm.v3.Release, `timeout`
 */
const CHART_SECONDS = 900;

function declareChart(foreign: ForeignChart, given: StepOptions): Resource {
  const options = { ...given, dependsOn: [...given.dependsOn] };
  const { name, namespace, version, values } = foreign;
  return new helm.v3.Release(
    `release-${name}`,
    {
      name,
      namespace,
      ...sourceOf(foreign),
      version,
      values: { ...values },
      // An upgrade that fails half-way goes back to what ran before.
      atomic: true,
      timeout: CHART_SECONDS,
    },
    options,
  );
}

/** Folder of the program. */
const PROGRAM_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The archive that is kept, as Helm holds none from a repository against a digest; its path is one from where Pulumi runs
 * program and providers, so that none of a machine gets into a state.
 */
function sourceOf({ chart, repository, archive }: ForeignChart) {
  if (archive !== undefined) {
    return { chart: `./${path.relative(process.cwd(), path.join(PROGRAM_ROOT, archive.file))}` };
  }
  return repository === undefined ? { chart } : { chart, repositoryOpts: { repo: repository } };
}
