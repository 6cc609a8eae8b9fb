import { appendFileSync } from 'node:fs';

/** Engines that tests start; `platform` is an `up` of a whole one. */
export type StartedEngine = 'elasticsearch' | 'envoy' | 'kafka' | 'platform' | 'postgres' | 'redis';

/** Names the file that `npm test` counts engines by. */
export const STARTED_ENGINES_FILE = 'MERIDIAN_STARTED_ENGINES';

/** Says that a suite starts an engine, a line each, for the table at the end of `npm test`. */
export function engineStarted(engine: StartedEngine): void {
  const file = process.env[STARTED_ENGINES_FILE];
  // A suite that runs by itself has nobody who counts.
  if (file !== undefined) appendFileSync(file, `${engine}\n`);
}
