import path from 'node:path';
import type { CustomResourceOptions, Resource } from '@pulumi/pulumi';
import { apiextensions, helm } from '@pulumi/kubernetes';
import { builtInKind } from './built-in-kinds.ts';
import { resourceName } from './resource-name.ts';
import type { ForeignChart, KubernetesPart, Manifest } from './manifest.ts';

/** Whose resources they are, and what comes before the first of them. */
export interface PartOptions {
  readonly parent: Resource;
  readonly dependsOn: readonly Resource[];
}

/**
 * Declares what a noun is in a cluster, step by step; a kind that is not Kubernetes' own is a custom
 * resource. Gives every resource.
 */
export function declarePart(
  { steps }: KubernetesPart,
  { parent, dependsOn }: PartOptions,
): readonly Resource[] {
  const declared: Resource[] = [];
  let before = dependsOn;
  for (const step of steps) {
    const { charts = [], manifests = [] } = step;
    const { protect = false, ignoreChanges = [], replaceOnChanges } = step;
    const options = {
      parent,
      dependsOn: [...before],
      protect,
      ignoreChanges: [...ignoreChanges],
      ...(replaceOnChanges === undefined ? {} : replaced(replaceOnChanges)),
    };
    const made = [
      ...charts.map((chart) => declareChart(chart, options)),
      ...manifests.map((manifest) => declareManifest(manifest, options)),
    ];
    // What follows a step of which nothing is left waits for the one before that.
    if (made.length > 0) before = made;
    declared.push(...made);
  }
  return declared;
}

/** Both have one name, so the provider could not make the new one beside the old one. */
function replaced(properties: readonly string[]) {
  return { replaceOnChanges: [...properties], deleteBeforeReplace: true };
}

function declareManifest(manifest: Manifest, options: CustomResourceOptions): Resource {
  const name = resourceName(manifest);
  const { apiVersion, kind, ...fields } = manifest;
  const BuiltIn = builtInKind(apiVersion, kind);
  return BuiltIn === undefined
    ? new apiextensions.CustomResource(name, { ...fields, apiVersion, kind }, options)
    : new BuiltIn(name, fields as never, options);
}

/**
 * For images, volumes and replicas that start one after the other; Helm's own five minutes are for less.
 * Source: Pulumi, kubernetes.helm.v3.Release, `timeout`
 */
const CHART_SECONDS = 900;

function declareChart(foreign: ForeignChart, options: CustomResourceOptions): Resource {
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

/** Root of the program, which files of it are told from. */
const PROGRAM_ROOT = path.resolve(import.meta.dirname, '../..');

/**
 * The archive that is kept, as Helm holds none from a repository against a digest; its path is from where Pulumi runs
 * program and providers, so that no machine's path gets into a state.
 */
function sourceOf({ chart, repository, archive }: ForeignChart) {
  if (archive !== undefined) {
    const file = path.relative(process.cwd(), path.join(PROGRAM_ROOT, archive.file));
    return { chart: file.startsWith('.') ? file : `./${file}` };
  }
  return repository === undefined ? { chart } : { chart, repositoryOpts: { repo: repository } };
}
