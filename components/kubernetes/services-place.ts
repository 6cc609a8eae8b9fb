import type { KubernetesPart } from './manifest.ts';

/** Where and under what the charts of services are installed. */
export interface ServicesPlace {
  /** Has a folder for each environment, and in it one for each chart. */
  readonly chartsFolder: string;
  /** Name of the environment. */
  readonly environment: string;
  readonly namespace: string;
  /** What follows the Release of each service, by name. */
  readonly rollouts: Readonly<Record<string, KubernetesPart>>;
}
