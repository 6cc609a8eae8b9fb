import type { Placeholders } from '../../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fullDiskBehind } from '../../machine/system-trouble.ts';
import type { ProcessStatus } from './status.ts';

/** How an agent's log marks the beginning of a run of a process. */
const RUN_BEGINS = '-- agent: started';

/** What is known of a process that does not become ready. */
export interface Unready {
  readonly status: ProcessStatus;
  readonly zone: string;
  /** What is wrong, as a verb: 'fails'. */
  readonly what: string;
  readonly folders: Pick<Placeholders, 'self' | 'data'>;
  /** The end of its log. */
  readonly lines: readonly string[];
}

/** Why a process is not ready: its problem, a full disk, or the end of its log. */
export function notReady({ status, zone, what, folders, lines }: Unready): CodedError {
  const { problem } = status;
  if (problem !== undefined && problem.code !== 'PREPARE_FAILED') {
    return new CodedError(problem.code, problem.message);
  }
  const log = [
    `its log is ${status.log}${lines.length > 0 ? ' and ends:' : ', which is empty'}`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
  const exit = status.lastExit;
  const message =
    problem?.message ??
    `Process '${status.name}' in zone ${zone} ${what} (${status.state}, ${status.restarts} restarts${
      exit === undefined ? '' : `, last exit ${exit.signal ?? exit.code ?? 'unknown'}`
    })`;
  const lastRun = lines.slice(lines.findLastIndex((line) => line.startsWith(RUN_BEGINS)) + 1);
  const full = fullDiskBehind([folders.data, folders.self], lastRun);
  if (full !== undefined) {
    return new CodedError(full.code, `${full.message}. ${message}; ${log}`);
  }
  return problem === undefined
    ? new CodedError('PROCESS_NOT_READY', `${message}; ${log}`)
    : new CodedError(problem.code, `${message}; ${log}`);
}
