import type { KubernetesPart } from './manifest.ts';

/** What is declared of each service, by name. */
export interface ServicesPlace {
  readonly serviceParts: Readonly<Record<string, KubernetesPart>>;
  /** What follows it. */
  readonly rollouts: Readonly<Record<string, KubernetesPart>>;
}
