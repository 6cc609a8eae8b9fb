import type { ZoneNode } from './graph.ts';
import type { AnyService } from './service.ts';
import type { AnyTask } from './task.ts';

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
}
