import { buildGraph } from '@meridian/components/model/build-graph.ts';
import type { PlatformGraph, ZoneNode } from '@meridian/components/model/graph.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import type { AnyTask } from '@meridian/components/model/task.ts';
import * as declarations from './platform.ts';

/** What a stack decides about the platform: where its zones are and under which trust domain. */
export interface PlatformPlace {
  readonly trustDomain: string;
  readonly zones: readonly ZoneNode[];
}

/** All that platform.ts declares. */
export const declared: readonly (AnyService | AnyTask)[] = Object.values(declarations);

/** The services that platform.ts declares. */
export function declaredServices(): readonly AnyService[] {
  return declared.filter((one) => one.kind === 'service');
}

/** The graph of all that platform.ts declares. Throws CodedError GRAPH_INVALID. */
export function platform({ trustDomain, zones }: PlatformPlace): PlatformGraph {
  return buildGraph({
    name: 'meridian',
    trustDomain,
    zones,
    services: declaredServices(),
    tasks: declared.filter((one) => one.kind === 'task'),
  });
}
