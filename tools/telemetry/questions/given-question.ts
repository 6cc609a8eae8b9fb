import { LOG_LEVELS, type LogLevel } from '@meridian/language/log-fields.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { LogQuestion } from './log-question.ts';

/** What `meridian logs` was given that asks the store. */
export interface GivenQuestion {
  readonly trace?: string;
  readonly service?: string;
  readonly level?: string;
  readonly text?: string;
  readonly request?: string;
  readonly release?: string;
}

/**
 * The question that options ask; undefined where they ask none, and the files of processes are meant.
 *
 * @throws {CodedError} LOG_QUESTION_UNUSABLE
 */
export function givenQuestion(given: GivenQuestion): LogQuestion | undefined {
  const { trace, service, level, text, request, release } = given;
  const alone = Object.entries({ trace, request, text, level, release }).filter(
    ([, value]) => value !== undefined,
  );
  const [first, second] = alone.map(([name]) => `--${name}`);
  if (first !== undefined && second !== undefined) {
    throw unusable(first, 'be given without another question', `it beside ${second}`);
  }
  if (trace !== undefined) return { by: 'trace', traceId: trace };
  if (request !== undefined) return { by: 'request', requestId: request };
  if (text !== undefined) {
    return service === undefined ? { by: 'text', text } : { by: 'text', text, service };
  }
  if (service === undefined) {
    if (first === undefined) return undefined;
    throw unusable(first, 'be given with the service that it is about', 'none');
  }
  if (release !== undefined) return { by: 'release', service, version: release };
  return { by: 'service', service, level: levelOf(level) };
}

function levelOf(given = 'info'): LogLevel {
  const level = LOG_LEVELS.find((known) => known === given);
  if (level !== undefined) return level;
  throw unusable('--level', `be one of ${LOG_LEVELS.join(', ')}`, `'${given}'`);
}

function unusable(option: string, must: string, got: string): CodedError {
  return new CodedError(
    'LOG_QUESTION_UNUSABLE',
    `Option '${option}': must ${must}, got ${got}; 'meridian logs --help' lists the five questions`,
  );
}
