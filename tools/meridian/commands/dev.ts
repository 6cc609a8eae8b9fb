import { spawn } from 'node:child_process';
import path from 'node:path';
import { PORT_OFFSETS } from '@meridian/components/local/addresses.ts';
import { ProgramFiles } from '@meridian/components/service/program-files.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { acquire } from '../../bootstrap/process-lock.mjs';
import { DebuggerDoor } from '../../dev/debugger-door.ts';
import { lowerProgram, type DevelopedProgram } from '../../dev/developed-program.ts';
import { Development, type Workshop } from '../../dev/development.ts';
import { Exclusive } from '../../dev/exclusive.ts';
import { FollowedLogs } from '../../dev/followed-logs.ts';
import { WATCHED } from '../../dev/plan.ts';
import { placeOf, PlatformView, serves } from '../../dev/platform-view.ts';
import { SourceWatch } from '../../dev/source-watch.ts';
import { TypeChecker } from '../../dev/type-checker.ts';
import { describeApi } from './generate.ts';
import { CONTRACTS, generateContracts } from '../generated-code.ts';
import { localStackSettings } from '../kept-settings.ts';
import { localFolders, programFolder } from '../places.ts';
import { stackLock } from '../preflight.ts';
import type { Settings } from '../stack-config.ts';

/** Options of `npm run dev`. */
export interface DevOptions {
  /** Whether debuggers can attach. */
  readonly inspect?: boolean;
  /** Whether types are left unchecked. */
  readonly untyped?: boolean;
}

/** Of the first service; Node.js has the same default, and debuggers look there. */
const DEBUGGER_PORT = 9_229;

/** Watches the sources of some services and swaps their replicas until Ctrl-C (ADR 47). */
export async function dev(names: readonly string[], options: DevOptions): Promise<number> {
  const watched = [...new Set(names)];
  refuseCopy();
  const settings = localStackSettings(localFolders()).all;
  const program = await lowerProgram(settings);
  refuseUnknown(watched, program);
  const folders = localFolders();
  if (!(await isRunning(folders, program))) await deploy();
  const release = acquire(path.join(folders.state, 'development.lock'), "'npm run dev'");
  const doors = await openDoors(watched, options.inspect);
  const logs = new FollowedLogs(print);
  const watch = new SourceWatch(programFolder, WATCHED, (files) => {
    inBackground(development.changed(files));
  });
  const exclusive = new Exclusive(stackLock(folders), "'npm run dev'", say);
  const workshop: Workshop = {
    folders,
    say,
    exclusively: (work) => exclusive.run(work),
    generate: (contracts) => {
      say('a contract has changed: generating');
      return watch.hold(() => regenerate(contracts, settings));
    },
    look: () => watch.look(),
    lower: () => lowerProgram(settings),
    deploy,
    sourcesOf: (service) => new ProgramFiles(programFolder).of(`services/${service}/main.ts`),
    nodeFlags: (process) => (options.inspect !== true ? [] : [`--inspect=${debuggerOf(process)}`]),
    started: (service, process, log) => logs.follow(service, process, log),
    showsLog: (process) => logs.catchUp(process),
    served: (service, process, elapsedMs) => {
      say(`${service} serves the edited code (${process.name}, after ${Math.round(elapsedMs)} ms)`);
      const [address = '', port = ''] = debuggerOf(process).split(':');
      doors.get(service)?.lead({ address, port: Number(port) });
    },
  };
  const development = new Development(workshop, program, watched);
  const types =
    options.untyped !== true
      ? new TypeChecker(programFolder, (line) => print(`types | ${line}`))
      : undefined;
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  inBackground(
    development.begin().then(() => say(`watching ${watched.join(', ')}; Ctrl-C ends that`)),
  );
  await interrupted;
  watch.close();
  types?.close();
  await development.stop();
  for (const closes of [logs, ...doors.values()]) closes.close();
  release();
  say("what was edited goes on running until the next 'npm start' ('npm run status' marks it)");
  return 0;
}

/** A mistake of ours: nothing of it is to be overlooked. */
function inBackground(work: Promise<void>): void {
  work.catch((thrown: unknown) => {
    setImmediate(() => {
      throw thrown;
    });
  });
}

/** Edits are made in the clone, and nobody sees them in a copy of it. */
function refuseCopy(): void {
  const clone = process.env['MERIDIAN_CLONE'];
  if (clone === undefined || clone === programFolder) return;
  throw new CodedError(
    'DEV_OF_COPY',
    `Clone '${clone}': must be readable for the account that the platform runs as, which has a copy of it (${programFolder}) instead, where no edit is seen; open it with 'chmod -R go+rX', or develop as a user who is not root`,
  );
}

function refuseUnknown(
  names: readonly string[],
  { services, withoutCode }: DevelopedProgram,
): void {
  const known = services.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const reason = withoutCode.includes(name) ? 'one that has no code yet' : 'none of that name';
    throw new CodedError(
      'DEV_SERVICE_UNKNOWN',
      `Service '${name}': must be one of ${known.join(', ')}, got ${reason}; name one of them`,
    );
  }
}

/** Whether every service has a replica that serves, and the edge is there to ask it through. */
async function isRunning(
  folders: Folders,
  { services, edgeUrl }: DevelopedProgram,
): Promise<boolean> {
  const held = await new PlatformView(folders).look();
  const serving = held.filter(serves);
  return (
    services.every(({ name }) => serving.some(({ service }) => service === name)) &&
    serving.some((process) => placeOf(process).port === Number(new URL(edgeUrl).port))
  );
}

/** The kit's own protocols come only where they have changed: a save is waiting. */
async function regenerate(
  contracts: readonly string[],
  settings: Settings,
): Promise<DevelopedProgram> {
  const isKits = contracts.some((file) => /^services\/kit\/(?!contract\/)/.test(file));
  await generateContracts(programFolder, isKits ? undefined : [CONTRACTS]);
  const [program] = await Promise.all([lowerProgram(settings), describeApi()]);
  return program;
}

/** In a process of its own, which loads the program as it is now. */
async function deploy(): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      path.join(programFolder, 'tools/meridian/main.ts'),
      'up',
      '--full',
    ],
    { stdio: 'inherit' },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) {
    throw new CodedError(
      'UP_FAILED',
      `Platform: must be as the program says before edited code can take over, and 'npm start' ended with exit code ${String(code)}; what runs goes on`,
    );
  }
}

/** Each replica has a debugger's port of its own, on its own address. */
function debuggerOf({ listens }: ProcessSpec): string {
  const [first] = listens;
  const base = (first?.port ?? 0) - PORT_OFFSETS.service;
  return `${first?.address ?? ''}:${base + PORT_OFFSETS.debugger}`;
}

async function openDoors(
  names: readonly string[],
  inspect: DevOptions['inspect'],
): Promise<ReadonlyMap<string, DebuggerDoor>> {
  const doors = new Map<string, DebuggerDoor>();
  if (inspect !== true) return doors;
  for (const [index, name] of names.entries()) {
    doors.set(name, await DebuggerDoor.open(DEBUGGER_PORT + index));
    say(`debugger of ${name}: 127.0.0.1:${DEBUGGER_PORT + index}`);
  }
  return doors;
}

function say(line: string): void {
  print(`dev | ${line}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
