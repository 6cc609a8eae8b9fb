import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readIfThere } from '@meridian/provider-local/machine/atomic-file.ts';
import { healthTable, isHealthy, summarise } from '../health.ts';
import { changesOf, describeChanges } from '../last-changes.ts';
import type { Changes } from '../last-changes.ts';
import { edgeAddress, type EdgeOutputs } from '../outputs.ts';
import { removeStandIns } from '../../dev/platform-view.ts';
import { isLeftBehind, takeBackLeftBehind } from '../../drill/left-behind.ts';
import { checkFree } from '../../bootstrap/process-lock.mjs';
import { localStackSettings } from '../kept-settings.ts';
import { LastStart, programDigest } from '../last-start.ts';
import { isOurs } from '../owner.ts';
import { printJson } from '../output/print-json.ts';
import { isAnythingThere, isCurrent, localFolders, localStack } from '../places.ts';
import { stackLock } from '../preflight.ts';
import { parseEvents } from '../rehearsal/engine-events.ts';
import { withSession } from '../session.ts';
import { consoleAddress } from '../telemetry/console-address.ts';
import type { Settings } from '../stack-config.ts';
import type { ApprovedUpOptions } from './up-approved.ts';
import { telemetryAfterStart } from '../telemetry/after-start.ts';
import { inTurn } from '../telemetry/in-turn.ts';
import { telemetryState } from '../telemetry/telemetry-state.ts';
import { zoneStatuses } from '../zones.ts';
import type { KnownZone } from '../zones.ts';

/** Options of `npm start`. */
export interface UpOptions {
  readonly json?: boolean;
  readonly config?: Settings;
  /** Asks Pulumi also where nothing has changed since the last start. */
  readonly full?: boolean;
  /** False leaves telemetry out from now on. @default true */
  readonly telemetry?: boolean;
  /** Waits until telemetry, whose engines take long to build, has joined. */
  readonly wait?: boolean;
  /** Deploys a stack in a cluster as it was approved, and needs `stack` and `base`. */
  readonly approved?: string;
  readonly stack?: string;
  readonly base?: string;
  readonly accept?: string;
  readonly judge?: string;
}

/** The settings that a start was given. */
export function givenSettings({ config = {}, telemetry }: UpOptions): Settings {
  return telemetry === false ? { ...config, 'meridian:telemetry': 'false' } : config;
}

/** How a start went. */
interface Started {
  readonly changes: Changes;
  readonly outputs: EdgeOutputs;
  readonly zones: readonly KnownZone[];
  readonly asked: boolean;
}

/**
 * Brings the platform up, or to what the program now says, by `pulumi up`; where nothing has changed
 * since the last one, that is said without it (ADR 48).
 */
export async function up(options: UpOptions): Promise<number> {
  const approved = approvedUp(options);
  if (approved !== undefined) {
    const { upApproved } = await import('./up-approved.ts');
    return await upApproved(approved);
  }
  const startedAt = Date.now();
  const started =
    (options.full === true ? undefined : await asLastStarted(options)) ?? (await deploy(options));
  const elapsedSeconds = Math.round((Date.now() - startedAt) / 100) / 10;
  const exitCode = await report(started, options, elapsedSeconds);
  // Root has what it hands over followed by what only root can build.
  if (exitCode !== 0 || process.env['MERIDIAN_CLONE'] !== undefined) return exitCode;
  return await telemetryAfterStart(options);
}

/**
 * What is to be deployed as it was approved; undefined where the local platform is to be brought up.
 *
 * @throws {CodedError} UP_OPTION_UNUSABLE
 */
export function approvedUp(options: UpOptions): ApprovedUpOptions | undefined {
  const { approved, stack, base, accept, judge } = options;
  if (approved === undefined) {
    const foreign = (['stack', 'base', 'accept', 'judge'] as const).find(
      (option) => options[option] !== undefined,
    );
    if (foreign === undefined) return undefined;
    throw unusable(
      `--${foreign}`,
      'beside --approved',
      'it alone; leave it out: a stack in a cluster is deployed by pulumi up --stack <stack>, or as it was approved',
    );
  }
  if (!/^sha256:[0-9a-f]{64}$/.test(approved)) {
    throw unusable(
      '--approved',
      "'sha256:' and 64 hexadecimal digits, as the report of a review has it",
      `'${approved}'`,
    );
  }
  if (stack === undefined)
    throw unusable('--stack', 'given with --approved', 'none; name the stack');
  if (base === undefined)
    throw unusable(
      '--base',
      'given with --approved',
      'none; name the revision that the review was held against',
    );
  return {
    approved,
    stack,
    base,
    ...(accept === undefined ? {} : { accept }),
    ...(judge === undefined ? {} : { judge }),
  };
}

function unusable(option: string, rule: string, given: string): CodedError {
  return new CodedError('UP_OPTION_UNUSABLE', `Option '${option}': must be ${rule}, got ${given}`);
}

/** What the last start told, where nothing has changed since. */
async function asLastStarted(options: UpOptions): Promise<Started | undefined> {
  const folders = localFolders();
  await inTurn(folders, () => checkFree(stackLock(folders)));
  if (!isAnythingThere(folders) || !isCurrent(folders) || isLeftBehind(folders)) return undefined;
  const { all, healed } = localStackSettings(folders, givenSettings(options));
  if (healed.length > 0 || !(await isOurs(folders))) return undefined;
  const zones = await zoneStatuses(folders);
  const told = await new LastStart(folders).unchanged(all, zones);
  if (told === undefined) return undefined;
  const changes = { operations: { same: told.resources }, startedAgain: 0 };
  return { changes, outputs: told.outputs, zones, asked: false };
}

async function deploy(options: UpOptions): Promise<Started> {
  const quiet = options.json === true;
  const settings = givenSettings(options);
  return await withSession(
    "'npm start'",
    { quiet, given: { settings }, starts: true },
    async ({ stack, folders }) => {
      const last = new LastStart(folders);
      await last.forget();
      const program = programDigest(folders);
      // Once before, as what hangs keeps a start waiting, and once with engines that run.
      await takeBackLeftBehind(folders);
      await stack.clearPendingOperations();
      const eventLog = path.join(folders.state, 'events.jsonl');
      const { exitCode, interrupted } = await stack.interactive(
        ['up', '--yes', '--skip-preview', '--refresh', '--suppress-outputs'],
        { quiet, eventLog },
      );
      if (exitCode !== 0 && interrupted) throw new DOMException('Ctrl-C', 'AbortError');
      if (exitCode !== 0) {
        // Pulumi's own words, which it gives no code.
        const kept = (await readIfThere(eventLog))?.includes('because it is protected') === true;
        if (kept) throw dataProtected();
        throw new CodedError(
          'UP_FAILED',
          `Stack '${localStack}': pulumi up ended with exit code ${exitCode}; what was done is kept, and the next 'npm start' goes on from there ('npm run status' shows what runs, 'npm run logs -- <service>' why).`,
        );
      }
      const changes = changesOf(parseEvents((await readIfThere(eventLog)) ?? ''));
      await rm(eventLog, { force: true });
      const outputs = stack.outputs() as EdgeOutputs;
      await removeStandIns(folders);
      await takeBackLeftBehind(folders);
      const zones = await zoneStatuses(folders);
      const { edgeUrl, rootCertificate } = outputs;
      await last.keep(program, localStackSettings(folders, settings).all, zones, {
        resources: Object.values(changes.operations).reduce((sum, count) => sum + count, 0),
        outputs: { edgeUrl, rootCertificate },
      });
      return { changes, outputs, zones, asked: true };
    },
  );
}

/** What holds data goes only with a word of its own: a service that was taken out leaves its database and topics. */
function dataProtected(): CodedError {
  return new CodedError(
    'DATA_PROTECTED',
    `Stack '${localStack}': what holds data must be declared by the program, got some that it no longer declares (named above); declare it again, or remove it with its data: eval "$(./meridian env)" && pulumi state unprotect --all --yes --stack ${localStack}, and then npm start, which protects the rest again`,
  );
}

async function report(
  { changes, outputs, zones, asked }: Started,
  { json }: UpOptions,
  elapsedSeconds: number,
): Promise<number> {
  const health = summarise(zones);
  const edge = edgeAddress(outputs, localFolders());
  if (json === true) {
    const { operations, startedAgain } = changes;
    const telemetry = (await telemetryState(localFolders())).phase;
    const told = { changes: operations, startedAgain, asked, elapsedSeconds, edge, health };
    printJson<'up'>({ ...told, telemetry });
  } else {
    print(`\n${healthTable(health)}\n`);
    print(describeChanges(changes));
    if (!asked)
      print(
        "It is as the last start left it, so Pulumi was not asked; 'npm start -- --full' does.",
      );
    print(`Up in ${elapsedSeconds} s. It stays up until 'npm stop'. Try:\n\n  ${edge.curl}\n`);
    const console = await consoleAddress(localFolders(), zones);
    if (console !== undefined) print(`The console answers what broke first:\n\n  ${console}\n`);
  }
  return isHealthy(health) ? 0 : 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
