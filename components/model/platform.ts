import type { ZoneNode } from './graph.ts';
import type { AnyService } from './service.ts';
import type { AnyTask } from './task.ts';

/** What a replica of a service was measured to take (`npm run bench:sizes`, services/measured.json). */
export interface MeasuredSize {
  /** The most of any replica, in MiB. */
  readonly peakMiB: number;
  /** Of V8's heap, what was in use, in MiB. */
  readonly heapMiB: number;
  /** Of one processor, start and background work included; absent where too few calls were served to share that. */
  readonly cpuMsPerCall?: number;
}

/** A platform as given to buildGraph. */
export interface PlatformProps {
  /** A lower-case RFC 1123 label; also the namespace of every identity. */
  readonly name: string;
  /** SPIFFE trust domain. */
  readonly trustDomain: string;
  /** Three or more, with networks that do not overlap. */
  readonly zones: readonly ZoneNode[];
  readonly services: readonly AnyService[];
  /** @default [] */
  readonly tasks?: readonly AnyTask[];
  /** What services were measured to take, by their names. @default nobody has measured any */
  readonly measured?: Readonly<Record<string, MeasuredSize>>;
}
