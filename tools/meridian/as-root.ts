import { existsSync } from 'node:fs';
import { checkFree } from '../bootstrap/process-lock.mjs';
import type { Call } from './command-line.ts';
import type { PreviewOptions } from './commands/preview.ts';
import type * as upCommands from './commands/up.ts';
import { installEngines, type InstallationOptions } from './installation.ts';
import { isAnythingThere, localStack, programFolder } from './places.ts';
import { preflight, stackLock } from './preflight.ts';
import { accountFolders, handOver } from './system-account.ts';
import { endBuild, forgetBuild } from './telemetry/background-build.ts';
import { inTurn } from './telemetry/in-turn.ts';
import type { HeadKeeping } from './system-account.ts';
import { enginesFor, refuseTwoRuns, type TestOptions } from './test-options.ts';

/**
 * Hands a command that root has called over to the system account, and gives its exit code; undefined
 * where root itself is to carry it out. What fetches and builds engines are the caller's own clients,
 * with the caller's settings, so that is done before.
 */
export async function handedOver(call: Call): Promise<number | undefined> {
  if ((await isOnClone(call)) || talksToNobody(call)) return undefined;
  if (ENDS_BUILDS.includes(call.entry.name)) await endBuild(accountFolders());
  await refuseEarly(call);
  await lookForChanges(call);
  const { engines, ends } = call.entry;
  if (engines) await installEngines(wantedEngines(call));
  const program = engines && ends !== true ? 'latest' : 'running';
  const exitCode = await handOver(process.argv.slice(2), program, KEEPING[call.entry.name]);
  if (call.entry.name === 'destroy' && exitCode === 0) await forgetBuild(accountFolders());
  if (call.entry.name !== 'up' || exitCode !== 0) return exitCode;
  const { telemetryAfterStart } = await import('./telemetry/after-start.ts');
  return await telemetryAfterStart(call.options);
}

/** What root builds in the background only root can end. */
const ENDS_BUILDS: readonly string[] = ['stop', 'destroy'];

/** What reads published heads is to have those of now, and what begins or ends them keeps what there is. */
const KEEPING: Readonly<Record<string, HeadKeeping>> = {
  ...{ up: 'after', audit: 'before', order: 'before', stop: 'after', destroy: 'until it is gone' },
};

/** A rehearsal starts nothing that stays, and reads the clone's history; a platform elsewhere knows no account here. */
async function isOnClone({ entry, options }: Call): Promise<boolean> {
  if (entry.name === 'audit' && options['url'] !== undefined) return true;
  if (entry.name === 'bench' && (options['review'] === true || options['preview'] === true)) {
    return true;
  }
  if (entry.name === 'up' && (await upCommand()).approvedUp(options) !== undefined) return true;
  if (entry.name === 'doctor' && ![undefined, localStack].includes(options['stack'] as string))
    return true;
  if (entry.name !== 'preview') return entry.runsAs === 'clone';
  const { isRehearsed } = await import('./commands/preview.ts');
  return isRehearsed((options as unknown as PreviewOptions).stack);
}

/** Loaded where it is asked: it brings Pulumi's SDK along, which most commands do without. */
async function upCommand(): Promise<typeof upCommands> {
  return await import('./commands/up.ts');
}

/** Without a platform of the account there is nothing to hand over for: the answer is the same for all. */
function talksToNobody({ entry: { engines, ends } }: Call): boolean {
  if (ends === true) return !isAnythingThere(accountFolders());
  return !engines && !existsSync(accountFolders().state);
}

/** What the account's own process would say at once is said before the way there is made. */
async function refuseEarly({ entry, given, options }: Call): Promise<void> {
  if (entry.name === 'test') refuseTwoRuns(given[0] as readonly string[], options);
  if (entry.locks !== true) return;
  const folders = accountFolders();
  await inTurn(folders, () => checkFree(stackLock(folders)));
  if (entry.flags?.some(({ reads }) => reads === 'setting') !== true) return;
  const config = (await upCommand()).givenSettings(options);
  await preflight(folders, { given: { settings: config }, starts: entry.starts === true });
}

/** The account does not have the clone's history, in a copy there is none. */
async function lookForChanges({ entry, options }: Call): Promise<void> {
  const { changed } = options as TestOptions;
  if (entry.name !== 'test' || changed === undefined) return;
  const { changedFiles, handOverChangedFiles } = await import('./changed-files.ts');
  handOverChangedFiles(changedFiles(programFolder, changed));
}

function wantedEngines({ entry, given, options }: Call): InstallationOptions {
  const quiet = options['json'] === true || entry.name === 'env';
  if (entry.name === 'doctor') return { quiet, telemetry: options['telemetry'] === true };
  if (entry.name !== 'test') return { quiet };
  return { quiet, ...enginesFor(given[0] as readonly string[], options) };
}
