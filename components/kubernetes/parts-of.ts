import type { PodsStack } from './lower-kubernetes.ts';
import type { ForeignChart, KubernetesPart, Manifest } from './manifest.ts';

/** Every object and every chart of others, by noun. */
export function partsOf(stack: PodsStack): Readonly<Record<string, KubernetesPart>> {
  return {
    ...Object.fromEntries(
      Object.entries(stack).flatMap(([noun, lowered]: [string, object]) =>
        isPart(lowered) ? [[noun, lowered]] : [],
      ),
    ),
    services: sideBySide(Object.values(stack.serviceParts)),
    rollouts: sideBySide(Object.values(stack.rollouts)),
    tasks: { steps: stack.tasks.flatMap(({ steps }) => steps) },
  };
}

/** Every object that a stack declares itself. */
export function objectsOf(stack: PodsStack): readonly Manifest[] {
  return Object.values(partsOf(stack)).flatMap(({ steps }) =>
    steps.flatMap(({ manifests = [] }) => manifests),
  );
}

/** The charts of others that a stack installs. */
export function chartsOf(stack: PodsStack): readonly ForeignChart[] {
  return Object.values(partsOf(stack)).flatMap(({ steps }) =>
    steps.flatMap(({ charts = [] }) => charts),
  );
}

/** Whether what a noun is lowered to is a part. */
export function isPart(lowered: object): lowered is KubernetesPart {
  return 'steps' in lowered;
}

/** The first steps of all as one step, and so on. */
function sideBySide(parts: readonly KubernetesPart[]): KubernetesPart {
  const length = Math.max(0, ...parts.map(({ steps }) => steps.length));
  return {
    steps: Array.from({ length }, (_, step) => ({
      manifests: parts.flatMap(({ steps }) => steps[step]?.manifests ?? []),
    })),
  };
}
