import type { Folders } from '@meridian/provider-local/folders.ts';
import { localStackSettings } from '../kept-settings.ts';
import { livingAgents } from '../living-agents.ts';
import { printable } from '../output/printable.ts';
import { programFolder } from '../places.ts';
import { BuildRecord } from './build-record.ts';
import { progressText, type BuildUnderWay } from './progress-text.ts';

/** The zone of the agent of telemetry (components/observability/local-places.ts). */
const TELEMETRY_ZONE = 'telemetry';

/** How it stands with the telemetry of the platform on this machine. */
export type TelemetryState =
  | BuildUnderWay
  | { readonly phase: 'left out' }
  | { readonly phase: 'joined' }
  /** Engines are missing, and nobody builds them. */
  | { readonly phase: 'missing'; readonly engines: readonly string[] }
  /** All engines are there, and the next start has them join. */
  | { readonly phase: 'built'; readonly reason: string }
  | { readonly phase: 'failed'; readonly problem: string; readonly log: string };

/** The name of a state, for scripts. */
export type TelemetryPhase = TelemetryState['phase'];

/** How it stands with telemetry, from settings, processes, the cache and what a background build says of itself. */
export async function telemetryState(folders: Folders): Promise<TelemetryState> {
  const { all } = localStackSettings(folders);
  if (all['meridian:telemetry'] === 'false') return { phase: 'left out' };
  if (livingAgents(folders).some(({ zone }) => zone === TELEMETRY_ZONE)) return { phase: 'joined' };
  const record = new BuildRecord(folders);
  const build = await record.read();
  // Loaded only here: it knows how each engine is built.
  const { missingTelemetry } = await import('../../engines/telemetry-programs.ts');
  const engines = missingTelemetry(programFolder, folders.cache);
  if (build !== undefined) return buildState(build, engines, record.log);
  if (engines.length > 0) return { phase: 'missing', engines };
  return { phase: 'built', reason: 'the last start was without it' };
}

function buildState(
  { progress, builder }: NonNullable<Awaited<ReturnType<BuildRecord['read']>>>,
  missing: readonly string[],
  log: string,
): TelemetryState {
  if (progress.phase === 'failed') return { ...progress, log };
  if (builder !== undefined) return progress;
  if (progress.phase === 'built') {
    return missing.length > 0 ? { phase: 'missing', engines: missing } : progress;
  }
  return { phase: 'failed', problem: 'its process was ended from outside', log };
}

/** What it is in words, after "telemetry: ". */
export function telemetryText(state: TelemetryState, now: number = Date.now()): string {
  switch (state.phase) {
    case 'left out':
      return "left out; 'npm start -- -c telemetry=true' has it run";
    case 'joined':
      return 'joined';
    case 'missing':
      return `not built (${state.engines.join(', ')}); 'npm start' builds it in the background`;
    case 'built':
      return `built, and not joined (${printable(state.reason)}); 'npm start' has it join`;
    case 'waiting':
    case 'building':
    case 'joining':
      return progressText(state, now);
    case 'failed':
      return `failed: ${printable(state.problem)}, see ${state.log}; 'npm start' tries again`;
  }
}
