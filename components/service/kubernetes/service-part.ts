import type * as k8s from '../../kubernetes/k8s.ts';
import { annotated } from '../../kubernetes/each-object.ts';
import type { KubernetesPart, Manifest } from '../../kubernetes/manifest.ts';
import { canonicalJson } from '../../model/serialise.ts';
import { defaultValues, values } from '../chart/chart-values.ts';
import { shortDigest } from '../chart/names.ts';
import { serviceObjects } from '../chart/service-objects.ts';
import type { ChartedService } from './lower-services.ts';

/** Annotation of a Rollout with the release that was asked for: the program's version and a digest of its specification. */
export const RELEASE_ANNOTATION = 'meridian/release';

/**
 * Of a Service the provider would wait for pods, which come only with the Rollout, and on a refresh for those of a
 * release that is on its way. Source: pulumi-kubernetes 4.25.0, provider/pkg/await/service.go, Await and Read.
 */
const WITHOUT_WAIT = { 'pulumi.com/skipAwait': 'true' } as const;

/**
 * To which release a Service leads is Argo's to say, which adds a label to the selector; the map is atomic, so whoever
 * writes it writes all of it. It is given once, when the Service is made, and the provider leaves it out of what it
 * applies from then on. Source: Argo Rollouts 1.10.1, rollout/service.go, switchServiceSelector; Kubernetes 1.36.3,
 * ServiceSpec, Selector (`mapType=atomic`); pulumi-kubernetes 4.25.0, await.go, handleSSAIgnoreFields.
 */
const ARGOS = ['spec.selector'];

/**
 * A Rollout is gone at once, and its pods after it. Waiting for one that goes after them, the provider ends with a panic: it
 * takes the generation in its status for a number, which with Argo is a text.
 * Source: pulumi-kubernetes 4.25.0 to 4.32.0, provider/pkg/await/condition/deleted.go, Satisfied; Argo Rollouts 1.10.1,
 * pkg/apis/rollouts/v1alpha1/types.go, RolloutStatus
 */
const GONE_AT_ONCE = { 'pulumi.com/deletionPropagationPolicy': 'background' } as const;

/** The objects of a service as resources of the program: whatever a Rollout needs first, then it, then what scales it. */
export function servicePart(namespace: string, service: ChartedService): KubernetesPart {
  const objects = values
    .filled(serviceObjects(service), defaultValues(service))
    .map((object) => inNamespace(object, namespace));
  const [rollouts, services, scaling, others] = [
    objects.filter((object) => object.kind === 'Rollout'),
    objects.filter(({ kind }) => kind === 'Service'),
    objects.filter(({ kind }) => kind === 'ScaledObject'),
    objects.filter(({ kind }) => !['Rollout', 'Service', 'ScaledObject'].includes(kind)),
  ];
  return {
    steps: [
      { manifests: others },
      {
        manifests: services.map((object) => annotated(object, WITHOUT_WAIT)),
        ignoreChanges: ARGOS,
      },
      {
        manifests: rollouts.map((rollout) =>
          annotated(rollout, {
            ...GONE_AT_ONCE,
            [RELEASE_ANNOTATION]: releaseOf(rollout, service),
          }),
        ),
      },
      { manifests: scaling },
    ],
  };
}

/** The release that a part asks for. Throws Error for a part without a Rollout, which is a bug. */
export function releaseIn({ steps }: KubernetesPart): string {
  const [rollout] = steps
    .flatMap(({ manifests = [] }) => manifests)
    .filter(({ kind }) => kind === 'Rollout');
  const release = rollout?.metadata.annotations?.[RELEASE_ANNOTATION];
  if (release === undefined) throw new Error('No Rollout is declared');
  return release;
}

function releaseOf({ spec }: k8s.Rollout, { version }: ChartedService): string {
  return `${version}+${shortDigest(canonicalJson(spec))}`;
}

function inNamespace(object: Manifest, namespace: string): Manifest {
  return { ...object, metadata: { ...object.metadata, namespace } };
}
