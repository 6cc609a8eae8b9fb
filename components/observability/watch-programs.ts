import type { ProgramEntry } from '../service/source-digest.ts';
import { ENGINE_METRICS_ENTRY, ENGINE_METRICS_PROCESS } from './engines/monitor.ts';
import { PROBE, PROBE_ENTRY } from './probes.ts';
import { PAGER_STAND_IN, PAGER_STAND_IN_ENTRY } from './paging/pager.ts';

/** The process that answers people's questions of the platform. */
export const CONSOLE = 'console';

/** What builds the console before its start, relative to the program's root. */
export const CONSOLE_BUILDER = 'tools/console/build/build.ts';

/** Name of the secret that opens the console. */
export const CONSOLE_TOKEN = 'console-token';

/** The programs of the folder services/watch: what watches, and is not a service of the graph. */
export const WATCH_PROGRAMS: readonly ProgramEntry[] = [
  { name: ENGINE_METRICS_PROCESS, entry: ENGINE_METRICS_ENTRY },
  { name: PROBE, entry: PROBE_ENTRY },
  { name: CONSOLE, entry: CONSOLE_BUILDER },
  { name: PAGER_STAND_IN, entry: PAGER_STAND_IN_ENTRY },
];
