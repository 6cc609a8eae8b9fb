import type { RateLimit } from '@meridian/language/rate-limit.ts';

/** A release at its largest beside the one before it, while a rollout decides between them. */
export const RELEASES = 2;

/** How many replicas a service has, how large they are, and what makes it grow; as it is declared. */
export interface DeclaredScale {
  /** @default 2 */
  readonly minReplicas: number;
  /** @default 20 */
  readonly maxReplicas: number;
  /** Grow above this share of the requested CPU. @default 70 */
  readonly targetCpuPercent: number;
  /** Grow above this many waiting requests a replica. @default 8 */
  readonly targetQueueDepth: number;
  /** What one replica is to serve before there is another: calls, or requests at the edge. @default 10 */
  readonly callsPerSecond: number;
  /** CPU requested by one replica. @default what those calls were measured to take; 250 where nobody has measured */
  readonly cpuMillicores?: number;
  /** Memory limit of one replica. @default 256 */
  readonly memoryMiB: number;
  /** Of that, what V8 may use for old objects. @default a share of what was measured to be left for it */
  readonly heapMiB?: number;
}

/** The scale of a service with what follows from measurements filled in. */
export interface Scale extends DeclaredScale {
  readonly cpuMillicores: number;
  readonly heapMiB: number;
  /** Of the memory limit, what was measured to be in use beside the heap, or is taken for it. */
  readonly outsideHeapMiB: number;
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

export const DEFAULT_SCALE: DeclaredScale = {
  minReplicas: 2,
  maxReplicas: 20,
  targetCpuPercent: 70,
  targetQueueDepth: 8,
  callsPerSecond: 10,
  memoryMiB: 256,
};

export const DEFAULT_LIMITS: Limits = { concurrency: 64, queueDepth: 256 };
