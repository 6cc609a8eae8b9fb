import type { RateLimit } from '@meridian/language/rate-limit.ts';

/** A release at its largest beside the one before it, while a rollout decides between them. */
export const RELEASES = 2;

/** How many replicas a service has, and what makes it grow. */
export interface Scale {
  /** @default 2 */
  readonly minReplicas: number;
  /** @default 20 */
  readonly maxReplicas: number;
  /** Grow above this share of the requested CPU. @default 70 */
  readonly targetCpuPercent: number;
  /** Grow above this many waiting requests a replica. @default 8 */
  readonly targetQueueDepth: number;
  /** CPU requested by one replica. @default 250 */
  readonly cpuMillicores: number;
  /** Memory limit of one replica. @default 256 */
  readonly memoryMiB: number;
}

/** How much work one replica takes on before it sheds load. */
export interface Limits {
  /** Requests handled at once. @default 64 */
  readonly concurrency: number;
  /** Requests that may wait; one more is refused with UNAVAILABLE. @default 256 */
  readonly queueDepth: number;
}

/** Limits by class; only the edge service has any, and it has all of RATE_LIMIT_CLASSES. */
export type RateLimits = Readonly<Record<string, RateLimit>>;

export const DEFAULT_SCALE: Scale = {
  minReplicas: 2,
  maxReplicas: 20,
  targetCpuPercent: 70,
  targetQueueDepth: 8,
  cpuMillicores: 250,
  memoryMiB: 256,
};

export const DEFAULT_LIMITS: Limits = { concurrency: 64, queueDepth: 256 };
