import type { ProgramEntry } from '../service/source-digest.ts';
import { ENGINE_METRICS_ENTRY, ENGINE_METRICS_PROCESS } from './engines/monitor.ts';
import { PAGER_STAND_IN, PAGER_STAND_IN_ENTRY } from './paging/pager.ts';

/** The programs of the folder services/watch: what watches, and is not a service of the graph. */
export const WATCH_PROGRAMS: readonly ProgramEntry[] = [
  { name: ENGINE_METRICS_PROCESS, entry: ENGINE_METRICS_ENTRY },
  { name: PAGER_STAND_IN, entry: PAGER_STAND_IN_ENTRY },
];
