import { withEachObject } from './each-object.ts';
import type { Labels } from './labels.ts';
import type { KubernetesPart, Manifest } from './manifest.ts';

/**
 * Who keeps what is declared as it is. Source: Kubernetes, "Recommended Labels"; pulumi-kubernetes 4.25.0, metadata/labels.go, as its client-side
 * apply would say it too.
 */
const MANAGER = 'pulumi';

/** What a part is of. */
export interface Belonging {
  /** Name of the platform. */
  readonly platform: string;
  /** Such as 'kafka'; of a service or task its name. */
  readonly name: string;
}

/**
 * A part whose objects all have the labels that Kubernetes recommends, beside those that they have and that win. Only
 * the objects themselves get them: neither their pods nor what they select changes.
 */
export function withRecommendedLabels<Part extends KubernetesPart>(
  part: Part,
  { platform, name }: Belonging,
): Part {
  const recommended: Labels = {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/instance': platform,
    'app.kubernetes.io/component': name,
    'app.kubernetes.io/part-of': platform,
    'app.kubernetes.io/managed-by': MANAGER,
  };
  const labelled = (object: Manifest): Manifest => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...recommended, ...object.metadata.labels } },
  });
  return withEachObject(part, labelled);
}
