import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import type { ForeignChart, Manifest } from '@meridian/components/kubernetes/manifest.ts';
import { resourceName } from '@meridian/components/kubernetes/resource-name.ts';
import { objectOf } from '@meridian/policies/cluster-object.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { lowered } from '../../../../tests/charts/lowered-staging.ts';

/** A resource of a program, as an engine is given it. */
export interface GivenResource {
  /** Such as 'Rollout meridian/catalog' or 'chart loki'. */
  readonly title: string;
  /** Type of the component that it belongs to. */
  readonly parent: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Fields;
  readonly isProtected: boolean;
  /** The URN that it has had, where an alias says so. */
  readonly formerUrn?: string;
}

/** Every resource of the staging stack. */
export const STAGING: readonly GivenResource[] = Object.entries(partsOf(lowered)).flatMap(
  ([noun, { steps }]) =>
    steps.flatMap(({ manifests = [], charts = [], protect: isProtected = false }) => [
      ...manifests.map((manifest) => ({ ...ofManifest(manifest), parent: noun, isProtected })),
      ...charts.map((chart) => ({ ...ofChart(chart), parent: noun, isProtected })),
    ]),
);

function ofManifest(manifest: Manifest) {
  return {
    title: objectOf({ ...manifest }, false).title,
    type: typeOf(manifest),
    name: resourceName(manifest),
    inputs: { ...manifest },
  };
}

/** A new object of the stack. */
export function added(object: Fields, parent: string): GivenResource {
  return { ...ofManifest(object as unknown as Manifest), parent, isProtected: false };
}

function ofChart({ name, namespace, chart, version, values }: ForeignChart) {
  return {
    title: `chart ${name}`,
    type: 'kubernetes:helm.sh/v3:Release',
    name: `release-${name}`,
    inputs: { name, namespace, chart, version, values: { ...values } },
  };
}

function typeOf({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** The URN of a resource of staging. */
export function urnOf({ parent, type, name }: Pick<GivenResource, 'parent' | 'type' | 'name'>) {
  return `urn:pulumi:staging::meridian::meridian:${parent}:Noun$${type}::${name}`;
}
