import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { endBuild, obstacleToBuild, startBuild } from './background-build.ts';
import { BuildRecord } from './build-record.ts';
import { foldersOfBuild } from './folders-of-build.ts';
import { telemetryState, telemetryText, type TelemetryState } from './telemetry-state.ts';

/** What a start was asked to do about telemetry. */
export interface AfterStart {
  /** Whether to wait until it has joined. */
  readonly wait?: boolean;
  /** For a script: it builds nothing that it does not wait for, and prints nothing here. */
  readonly json?: boolean;
}

const POLL_MS = 250;

/**
 * After a start that a person has run, builds what telemetry lacks in the background, and says what goes on. What
 * continuous integration or a script starts leaves it at that, unless it waits.
 *
 * @returns 130 where Ctrl-C has ended the wait, else 0
 * @throws {CodedError} TELEMETRY_NOT_JOINED where it was waited for in vain
 */
export async function telemetryAfterStart({
  wait = false,
  json = false,
}: AfterStart): Promise<number> {
  const folders = foldersOfBuild();
  const say = (line: string): unknown => (json ? undefined : process.stdout.write(`${line}\n`));
  const before = await telemetryState(folders);
  if (before.phase === 'left out' || before.phase === 'joined') return 0;
  const isToBuild = wait || (!json && !isContinuousIntegration());
  const begins = ['missing', 'failed', 'built'].includes(before.phase);
  if (begins && isToBuild) {
    const obstacle = obstacleToBuild(folders);
    if (obstacle !== undefined && wait) throw notJoined(obstacle);
    if (obstacle === undefined) await startBuild(folders);
    else say(`telemetry: not built: ${obstacle}`);
    if (obstacle !== undefined) return 0;
  }
  if (wait) return await joined(folders, say);
  say(`telemetry: ${telemetryText(await telemetryState(folders))}`);
  if (begins && isToBuild) say(whatGoesOn(new BuildRecord(folders).log));
  return 0;
}

/** As services of continuous integration tell that they are one. */
function isContinuousIntegration(): boolean {
  const { CI } = process.env;
  return CI !== undefined && CI !== '' && CI !== 'false';
}

function whatGoesOn(log: string): string {
  return [
    'The platform is up without it. What receives and keeps telemetry is built in the background, at the lowest priority',
    "(20 minutes of CPU, once), and joins by itself. 'npm run status' shows how far it is;",
    `${log} has every word.`,
    "'npm start -- --wait' waits for it, 'npm start -- --no-telemetry' leaves it out, 'npm stop' ends it.",
  ].join('\n');
}

/** Waits for a build and shows how far it is; Ctrl-C ends the build, and the platform runs on. */
async function joined(folders: Folders, say: (line: string) => unknown): Promise<number> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const end = await endOfBuild(folders, say, abort.signal);
    if (abort.signal.aborted) {
      await endBuild(folders);
      say(
        "\nThe build was ended; the platform runs on without telemetry. 'npm start' goes on with it.",
      );
      return 130;
    }
    if (end.phase !== 'joined') throw notJoined(telemetryText(end));
    say('telemetry: joined');
    return 0;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function endOfBuild(
  folders: Folders,
  say: (line: string) => unknown,
  signal: AbortSignal,
): Promise<TelemetryState> {
  const record = new BuildRecord(folders);
  let told = '';
  for (;;) {
    const state = await telemetryState(folders);
    if (signal.aborted || (await record.read())?.builder === undefined) return state;
    const text = telemetryText(state);
    if (text !== told) say(`telemetry: ${text}`);
    told = text;
    // Whoever ends the wait is seen at the next look.
    await delay(POLL_MS);
  }
}

function notJoined(reason: string): CodedError {
  return new CodedError(
    'TELEMETRY_NOT_JOINED',
    `Telemetry: must have joined, got: ${reason}; the platform runs without it`,
  );
}
