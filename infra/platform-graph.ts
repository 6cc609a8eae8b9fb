import path from 'node:path';
import { buildGraph } from '@meridian/components/model/build-graph.ts';
import type { PlatformGraph, ZoneNode } from '@meridian/components/model/graph.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import { isDatabase } from '@meridian/components/model/store.ts';
import type { Store } from '@meridian/components/model/store.ts';
import type { AnyTask } from '@meridian/components/model/task.ts';
import measured from '../services/measured.json' with { type: 'json' };
import { importDeclarations } from './import-declarations.ts';

/** What a stack decides about the platform: where its zones are, under which trust domain, and what it keeps. */
export interface PlatformPlace {
  readonly trustDomain: string;
  readonly zones: readonly ZoneNode[];
  /** Days until what entries of the audit trail carry may move to an archive. @default what the service declares */
  readonly auditKeepDays?: number;
}

const declarations = await importDeclarations(
  () => import('./platform.ts'),
  path.dirname(import.meta.dirname),
);

/** All that platform.ts declares. Importing this file throws CodedError GRAPH_INVALID where services call in a cycle. */
export const declared: readonly (AnyService | AnyTask)[] = Object.values(declarations);

/** The services that platform.ts declares. */
export function declaredServices(): readonly AnyService[] {
  return declared.filter((one) => one.kind === 'service');
}

/** The graph of all that platform.ts declares. Throws CodedError GRAPH_INVALID. */
export function platform({ trustDomain, zones, auditKeepDays }: PlatformPlace): PlatformGraph {
  return buildGraph({
    name: 'meridian',
    trustDomain,
    zones,
    services: declaredServices().map((service) =>
      service.name === AUDIT && auditKeepDays !== undefined
        ? { ...service, stores: service.stores.map((store) => keeping(store, auditKeepDays)) }
        : service,
    ),
    tasks: declared.filter((one) => one.kind === 'task'),
    measured: measured.services,
  });
}

/** By name: a program may have fewer services than this one. */
const AUDIT = 'audit';

function keeping(store: Store, keepDays: number): Store {
  return isDatabase(store) ? { ...store, keepDays } : store;
}
