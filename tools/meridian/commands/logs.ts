import { createReadStream, existsSync, readdirSync, statSync, watchFile } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { GivenQuestion } from '../../telemetry/questions/given-question.ts';
import type { LogQuestion } from '../../telemetry/questions/log-question.ts';
import type { LogLine as StoredLine } from '../../telemetry/stores/victorialogs.ts';
import { printJsonLine } from '../output/print-json.ts';
import { printable } from '../output/printable.ts';
import type { Output } from '../output/schemas.ts';
import { localFolders } from '../places.ts';
import { knownZones } from '../zones.ts';

/** Options of `npm run logs`. */
export interface LogOptions extends Omit<GivenQuestion, 'service'> {
  /** The service that a question to the store is about; with one, the store is asked. */
  readonly service?: string;
  readonly follow?: boolean;
  /** Lines of each replica, from the end. */
  readonly lines: number;
  readonly json?: boolean;
}

/** A line of the file of a process. */
type LogLine = Extract<Output<'logs'>, { readonly process: string }>;

type Print = (line: LogLine) => void;

interface Log {
  readonly process: string;
  readonly file: string;
}

/**
 * Prints the last lines of every replica of a service (or engine), each with its name before it; or, where a question
 * is asked, the lines that the store of logs finds, the oldest first.
 *
 * @throws {CodedError} LOG_UNKNOWN, LOG_QUESTION_UNUSABLE
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED
 */
export async function logs(service: string | undefined, options: LogOptions): Promise<number> {
  const question = await questionOf(service, options);
  if (question !== undefined) return await ask(question, options);
  return await printFiles(service ?? '', options);
}

/** Loaded only where the store may be asked: a look at files needs nothing of it. */
async function questionOf(
  service: string | undefined,
  options: LogOptions,
): Promise<LogQuestion | undefined> {
  const { trace, request, text, level, release } = options;
  const asked = [trace, request, text, level, release, options.service];
  if (asked.every((option) => option === undefined)) return undefined;
  const { givenQuestion } = await import('../../telemetry/questions/given-question.ts');
  const about = options.service ?? service;
  return givenQuestion({ ...options, ...(about === undefined ? {} : { service: about }) });
}

async function ask(question: LogQuestion, { lines, json }: LogOptions): Promise<number> {
  const { logsql } = await import('../../telemetry/questions/logsql.ts');
  const { openStores } = await import('../../telemetry/stores/open-stores.ts');
  await using stores = await openStores();
  for (const line of await stores.victorialogs.lines(logsql(question), { limit: lines })) {
    if (json === true) printJsonLine<'logs'>(line);
    else process.stdout.write(`${lineText(line)}\n`);
  }
  return 0;
}

/** A line as it is printed: what others wrote, and none of it a command to the terminal. */
export function lineText({ time, service, instance, level, message, traceId }: StoredLine): string {
  const of = instance ?? service;
  return [time, level, of, message, ...(traceId === undefined ? [] : [`(trace ${traceId})`])]
    .map(printable)
    .join(' ');
}

async function printFiles(service: string, options: LogOptions): Promise<number> {
  const known = allLogs(localFolders());
  const wanted = known.filter(
    ({ process: name }) => name === service || name.startsWith(`${service}-`),
  );
  if (wanted.length === 0) {
    const names = [...new Set(known.map(({ process: name }) => name))].sort();
    const [allowed, fix] =
      names.length === 0
        ? ['something that has run here', "bring the platform up with 'npm start' first"]
        : [`one of ${names.join(', ')}`, 'choose one of them'];
    throw new CodedError(
      'LOG_UNKNOWN',
      `Log of '${service}': must be of ${allowed}, got '${service}'; ${fix}`,
    );
  }
  const print = options.json === true ? printJsonLine<'logs'> : printLine;
  for (const log of wanted) await printTail(log, options.lines, print);
  if (options.follow !== true) return 0;
  for (const log of wanted) follow(log, print);
  return await new Promise((resolve) => {
    process.once('SIGINT', () => resolve(0));
  });
}

function allLogs(folders: Folders): readonly Log[] {
  return knownZones(folders).flatMap((zone) => {
    const folder = path.join(folders.state, 'zones', zone, 'logs');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .sort()
      .map((file) => ({ process: path.basename(file, '.log'), file: path.join(folder, file) }));
  });
}

async function printTail(log: Log, count: number, print: Print): Promise<void> {
  const last: string[] = [];
  for await (const line of createInterface({ input: createReadStream(log.file) })) {
    last.push(line);
    if (last.length > count) last.shift();
  }
  for (const line of last) print({ process: log.process, line });
}

function follow(log: Log, print: Print): void {
  let offset = statSync(log.file).size;
  watchFile(log.file, { interval: 250 }, ({ size }) => {
    // A smaller file is a rotated one: it begins again.
    const start = size < offset ? 0 : offset;
    offset = size;
    if (size === start) return;
    createInterface({ input: createReadStream(log.file, { start, end: size - 1 }) }).on(
      'line',
      (line) => print({ process: log.process, line }),
    );
  });
}

function printLine({ process: name, line }: LogLine): void {
  process.stdout.write(`${name} | ${line}\n`);
}
