import { CodedError } from '@meridian/language/coded-error.ts';
import type { Landings } from '../nouns.ts';
import { landNouns, lowerNouns } from '../noun-landing.ts';
import type { Lowered } from '../noun-landing.ts';
import { checkEdgeIssuer } from '../certificates/edge-issuer.ts';
import { checkExternals } from '../external/kubernetes/places.ts';
import { healthyRollout } from '../service/kubernetes/healthy-rollout.ts';
import { servicePart } from '../service/kubernetes/service-part.ts';
import { withArchives } from './chart-archive.ts';
import { enginesOf, KUBERNETES_NOUNS } from './kubernetes-nouns.ts';
import type { NounsForPods } from './kubernetes-nouns.ts';
import { withFieldManager } from './field-manager.ts';
import type { KubernetesContext, KubernetesLowering } from './lowering.ts';
import type { KubernetesPart } from './manifest.ts';
import { checkObjects } from './objects/check-objects.ts';
import { otherImages } from './other-images.ts';
import type { OtherImage } from './other-images.ts';
import { isPart, partsOf } from './parts-of.ts';
import { withRecommendedLabels } from './recommended-labels.ts';
import type { ServicesPlace } from './services-place.ts';

/** What runs in a cluster, as plain JSON: manifests and charts are written from it and nothing else. */
export type StackOf<Nouns extends NounsForPods> = Lowered<Nouns> & StackParts;

/** A stack in which everything runs in the cluster. */
export type KubernetesStack = StackOf<typeof KUBERNETES_NOUNS>;

/** A stack whose services are pods, whatever its engines are. */
export type PodsStack = StackOf<NounsForPods>;

/** What follows from all nouns together. */
interface StackParts {
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
  return lowerPods(given, KUBERNETES_NOUNS);
}

/** What a graph becomes where services are pods. Pure. Throws CodedError SETTINGS_INVALID, OBJECTS_INVALID. */
export function lowerPods<Nouns extends NounsForPods>(
  given: KubernetesContext,
  table: Nouns,
): StackOf<Nouns> {
  const context = { ...given, engines: enginesOf(table) };
  checkImages(context);
  checkEdgeIssuer(context);
  checkExternals(context);
  const { graph, settings } = context;
  const nouns = asDeclared(lowerNouns(table, context), context);
  const ofService = (part: KubernetesPart, name: string): KubernetesPart =>
    withFieldManager(withRecommendedLabels(part, { platform: graph.name, name }));
  const serviceParts = Object.fromEntries(
    nouns.services.map((service) => [
      service.name,
      ofService(servicePart(graph.namespace, service), service.name),
    ]),
  );
  const stack = {
    ...nouns,
    place: { environment: settings.environment, namespace: graph.namespace },
    serviceParts,
    rollouts: Object.fromEntries(
      Object.entries(serviceParts).map(([name, part]) => [
        name,
        ofService(healthyRollout(context, name, part), name),
      ]),
    ),
    images: otherImages(context),
  };
  checkStackObjects(stack, context.engines);
  return stack;
}

/** Nouns whose parts have all that is the same for any: charts from the archives that are kept, objects with labels and who applies them. */
function asDeclared<Nouns extends object>(
  nouns: Nouns,
  { graph, settings }: KubernetesContext,
): Nouns {
  const declared = (noun: string, lowered: object): object => {
    if (Array.isArray(lowered)) return lowered.map((each: object) => declared(noun, each));
    if (!isPart(lowered)) return lowered;
    const belonging = { platform: graph.name, name: noun };
    const labelled = withRecommendedLabels(withArchives(lowered, settings.pins), belonging);
    return withFieldManager(labelled);
  };
  return Object.fromEntries(
    Object.entries(nouns as Readonly<Record<string, object>>).map(([noun, lowered]) => [
      noun,
      declared(noun, lowered),
    ]),
  ) as Nouns;
}

/** Holds all that is made against what no schema says. Throws CodedError OBJECTS_INVALID. */
export function checkStackObjects(stack: PodsStack, engines: KubernetesLowering['engines']): void {
  const rules = engines.flatMap(({ objectRule }) => objectRule ?? []);
  checkObjects(partsOf(stack), rules);
}

/** The code that declares every noun. */
export function landPods<Nouns extends NounsForPods>(
  table: Nouns,
  stack: StackOf<Nouns>,
): Landings {
  return landNouns(table, stack, stack);
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
