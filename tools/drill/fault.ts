import type { Severity } from '@meridian/components/model/alert.ts';
import type { PlatformView } from './platform-view.ts';
import type { Step } from './steps/step.ts';

/** What a drill can break. */
export const FAULT_NAMES = [
  'slow-service',
  'errors',
  'dead-zone',
  'lagging-consumer',
  'stuck-outbox',
  'full-pool',
  'broker-gone',
  'expiring-certificate',
  'memory-leak',
  'search-behind',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

/** What whoever is on call is to be told, once. */
export interface Expected {
  readonly severity: Severity;
  readonly alert: string;
  /** A service, an engine or a zone. */
  readonly about: string;
  /** A file in docs/runbooks, without its `.md`. */
  readonly runbook: string;
}

/** A fault as it is drilled. */
export interface Fault {
  /** What is injected, in a sentence that ends without a point. */
  readonly summary: string;
  readonly expected: Expected;
  /** What `meridian explain` is to name: an edge such as 'orders>postgres', a service, an engine or a zone. */
  readonly brokeFirst: string;
  /** How long it may take to be told of it, on a quiet machine. */
  readonly toldWithinSeconds: number;
  /** What has to be changed on this platform; the changes are made at once. */
  readonly steps: (platform: PlatformView) => Promise<readonly Step[]> | readonly Step[];
}
