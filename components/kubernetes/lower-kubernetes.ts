import { CodedError } from '@meridian/language/coded-error.ts';
import type { Landings } from '../nouns.ts';
import { landNouns, lowerNouns } from '../noun-landing.ts';
import type { Lowered } from '../noun-landing.ts';
import { checkEdgeIssuer } from '../certificates/edge-issuer.ts';
import { checkExternals } from '../external/kubernetes/places.ts';
import { healthyRollout } from '../service/kubernetes/healthy-rollout.ts';
import { servicePart } from '../service/kubernetes/service-part.ts';
import { withArchives } from './chart-archive.ts';
import { KUBERNETES_ENGINES, KUBERNETES_NOUNS } from './kubernetes-nouns.ts';
import type { KubernetesContext, KubernetesLowering } from './lowering.ts';
import { checkObjects } from './objects/check-objects.ts';
import { otherImages } from './other-images.ts';
import type { OtherImage } from './other-images.ts';
import { isPart, partsOf } from './parts-of.ts';
import type { ServicesPlace } from './services-place.ts';

/** What runs in a cluster, as plain JSON: manifests and charts are written from it and nothing else. */
export interface KubernetesStack extends Lowered<typeof KUBERNETES_NOUNS> {
  readonly place: { readonly environment: string; readonly namespace: string };
  /** Every object of each service, by its name. */
  readonly serviceParts: ServicesPlace['serviceParts'];
  /** What follows them. */
  readonly rollouts: ServicesPlace['rollouts'];
  /** Images besides those of the services. */
  readonly images: readonly OtherImage[];
}

/** What a graph becomes in a cluster. Pure. Throws CodedError SETTINGS_INVALID, OBJECTS_INVALID. */
export function lowerKubernetes(given: KubernetesContext): KubernetesStack {
  const context = { ...given, engines: KUBERNETES_ENGINES };
  checkImages(context);
  checkEdgeIssuer(context);
  checkExternals(context);
  const { graph, settings } = context;
  const nouns = withKeptCharts(lowerNouns(KUBERNETES_NOUNS, context), settings.pins);
  const serviceParts = Object.fromEntries(
    nouns.services.map((service) => [service.name, servicePart(graph.namespace, service)]),
  );
  const stack = {
    ...nouns,
    place: { environment: settings.environment, namespace: graph.namespace },
    serviceParts,
    rollouts: Object.fromEntries(
      Object.entries(serviceParts).map(([name, part]) => [
        name,
        healthyRollout(context, name, part),
      ]),
    ),
    images: otherImages(context),
  };
  checkStackObjects(stack);
  return stack;
}

/** Nouns of which only those that are parts have charts of others. */
function withKeptCharts<Nouns extends object>(
  nouns: Nouns,
  pins: Readonly<Record<string, string>>,
): Nouns {
  const kept = Object.entries(nouns as Readonly<Record<string, object>>).map(
    ([noun, lowered]) => [noun, isPart(lowered) ? withArchives(lowered, pins) : lowered] as const,
  );
  return Object.fromEntries(kept) as Nouns;
}

/** Holds all that is made against what no schema says. Throws CodedError OBJECTS_INVALID. */
export function checkStackObjects(stack: KubernetesStack): void {
  const rules = KUBERNETES_ENGINES.flatMap(({ objectRule }) => objectRule ?? []);
  checkObjects(partsOf(stack), rules);
}

/** Every noun in a cluster. */
export function landKubernetes(stack: KubernetesStack): Landings {
  return landNouns(KUBERNETES_NOUNS, stack, stack);
}

function checkImages(context: KubernetesLowering): void {
  const { graph, settings } = context;
  const names = [...graph.services, ...otherImages(context)].map(({ name }) => name);
  const known = names.map((name) => `'${name}'`).join(', ');
  const problems = Object.keys(settings.images)
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `Setting 'meridian:images.${name}': must be for one of ${known}, got '${name}'; remove it in ${settings.file}`,
    );
  if (problems.length > 0) {
    throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
  }
}
