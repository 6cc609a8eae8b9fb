import type { KubernetesPart, Manifest } from './manifest.ts';

/** A part with another object in the place of each; charts and steps stay as they are. */
export function withEachObject<Part extends KubernetesPart>(
  part: Part,
  changed: (object: Manifest) => Manifest,
): Part {
  return {
    ...part,
    steps: part.steps.map((step) =>
      step.manifests === undefined ? step : { ...step, manifests: step.manifests.map(changed) },
    ),
  };
}

/** An object with more annotations. */
export function annotated(object: Manifest, added: Readonly<Record<string, string>>): Manifest {
  const { annotations, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, ...added } } };
}
