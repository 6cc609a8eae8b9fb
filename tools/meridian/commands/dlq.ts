import { CodedError } from '@meridian/language/coded-error.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { dropLetter, readLetters, replayLetters } from '../../dead-letters/replay.ts';
import type { ReplayOutcome } from '../../dead-letters/replay.ts';
import type { DeadLetter, DeadLetters } from '../../dead-letters/letters.ts';
import { openAsAdministrator } from '../../events/administrator.ts';
import { contractRegistry, eventLine } from '../../events/event-line.ts';
import type { KafkaAccess } from '../../events/topic-reader.ts';
import { printJson } from '../output/print-json.ts';
import type { Output } from '../output/schemas.ts';
import { table } from '../table.ts';

/** Options of `meridian dlq`. */
export interface DlqOptions {
  readonly json?: boolean;
  /** Only letters that came from this topic. */
  readonly topic?: string;
  /** Only letters of this consumer. */
  readonly consumer?: string;
  /** Why an event is dropped. */
  readonly reason?: string;
  /** Do it, after a look at what would be done. */
  readonly yes?: boolean;
}

/** How long consumers are given to say what became of what was sent to them again. */
const PATIENCE_MS = 30_000;

const ACTIONS = { list, show, replay, drop } as const;

const NEEDS_ID: ReadonlySet<string> = new Set(['show', 'drop']);

/**
 * Lists the events that consumers could not handle, shows one of them, sends them again to the consumers
 * that they failed at, or has a consumer let one go.
 *
 * @throws {CodedError} DLQ_ACTION_UNKNOWN, DLQ_DROP_INCOMPLETE, DEAD_LETTER_UNKNOWN, TOPIC_UNKNOWN
 * @throws {CodedError} PLATFORM_NOT_RUNNING, KAFKA_UNREACHABLE
 */
export async function dlq(
  action: string,
  id: string | undefined,
  options: DlqOptions,
): Promise<number> {
  const carryOut = isAction(action) ? ACTIONS[action] : undefined;
  if (carryOut === undefined || (NEEDS_ID.has(action) && id === undefined)) {
    throw new CodedError(
      'DLQ_ACTION_UNKNOWN',
      `Command 'dlq': must be list, show <id>, replay [id] or drop <id>, got '${[action, id].join(' ').trim()}'; give one of them`,
    );
  }
  if (action === 'drop') reasonOf(options);
  const topics = consumedTopics(options.topic);
  const { access, identity } = await openAsAdministrator();
  try {
    const letters = await readLetters(access, topics);
    return await carryOut({ access, letters, id, options });
  } finally {
    identity.close();
  }
}

/** What an action works on. */
interface Given {
  readonly access: KafkaAccess;
  readonly letters: DeadLetters;
  readonly id: string | undefined;
  readonly options: DlqOptions;
}

function isAction(action: string): action is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, action);
}

function list({ letters, options }: Given): Promise<number> {
  const groups = letters
    .groups()
    .filter(({ consumer }) => options.consumer === undefined || consumer === options.consumer);
  const failed = wanted(letters.failed(), undefined, options);
  if (options.json === true) {
    const named = failed.map((letter) => ({
      ...jsonOf(letter),
      behind: letters.behind(letter).length,
    }));
    const lines = groups.map(({ first, last, ...group }) => ({
      ...group,
      first: first.toISOString(),
      last: last.toISOString(),
    }));
    printJson<'dlq'>({ action: 'list', groups: lines, letters: named });
  } else if (groups.length === 0) {
    process.stdout.write('No dead letters.\n');
  } else {
    const rows = groups.map(({ topic, consumer, reason, events, waiting, first, last }) => {
      const times = [first.toISOString(), last.toISOString()];
      return [topic, consumer, reason, `${events}`, `${waiting}`, ...times];
    });
    const header = ['TOPIC', 'CONSUMER', 'REASON', 'EVENTS', 'BEHIND THEM', 'FIRST', 'LAST'];
    process.stdout.write(`${table(header, rows)}\n`);
    for (const letter of failed.slice(0, LISTED_MAX)) process.stdout.write(`${lineOf(letter)}\n`);
    const further = failed.length - LISTED_MAX;
    if (further > 0) process.stdout.write(`and ${further} more, which --json names\n`);
  }
  return Promise.resolve(0);
}

/** Letters that a list names one by one. */
const LISTED_MAX = 20;

async function show({ letters, id, options }: Given): Promise<number> {
  const [letter] = wanted(letters.all(), id, options);
  if (letter === undefined) throw unknown(id);
  const registry = await contractRegistry();
  const { topic, message } = letter;
  const { data, problem, time } = eventLine({ topic, partition: 0, message }, registry);
  const headers = Object.entries(message.headers ?? {});
  const shown: Output<'dlq'> = {
    action: 'show',
    letter: jsonOf(letter),
    behind: letters.behind(letter).map((other) => other.id),
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    ...(time === undefined ? {} : { time }),
    ...(data === undefined ? {} : { data }),
    ...(problem === undefined ? {} : { problem }),
  };
  if (options.json === true) printJson<'dlq'>(shown);
  else process.stdout.write(`${lineOf(letter)}\n${JSON.stringify(shown, undefined, 2)}\n`);
  return 0;
}

/** 0 if all that was sent is handled, and for a look at what would be. */
async function replay({ access, letters, id, options }: Given): Promise<number> {
  const chosen = wanted(letters.failed(), id, options);
  if (id !== undefined && chosen.length === 0) throw unknown(id);
  const outcomes =
    options.yes === true && chosen.length > 0
      ? await replayLetters(access, chosen, PATIENCE_MS)
      : new Map<DeadLetter, ReplayOutcome>();
  const replayed = chosen.map((letter) => ({
    ...jsonOf(letter),
    behind: letters.behind(letter).length,
    outcome: outcomes.get(letter) ?? ('not sent' as const),
  }));
  if (options.json === true) {
    printJson<'dlq'>({ action: 'replay', dryRun: options.yes !== true, letters: replayed });
  } else {
    for (const [index, letter] of chosen.entries()) {
      const { behind = 0, outcome = '' } = replayed[index] ?? {};
      process.stdout.write(`${lineOf(letter)}${behindOf(behind)}: ${outcome}\n`);
    }
    if (chosen.length === 0) process.stdout.write('There is nothing to replay.\n');
    else if (options.yes !== true) {
      process.stdout.write('Nothing was sent: the same with --yes sends them.\n');
    }
  }
  return [...outcomes.values()].every((outcome) => outcome === 'handled') ? 0 : 1;
}

/** Why an event is dropped; nobody drops one for all its consumers, or without a word. */
function reasonOf({ consumer, reason = '' }: DlqOptions): string {
  if (consumer !== undefined && reason.trim() !== '') return reason.trim();
  throw new CodedError(
    'DLQ_DROP_INCOMPLETE',
    `Command 'dlq drop': must have --consumer <service> and --reason <text>, got no ${consumer === undefined ? 'consumer' : 'reason'}; say who is never to handle the event, and why`,
  );
}

/** 0 if the event is dropped, and for a look at what would be. */
async function drop({ access, letters, id, options }: Given): Promise<number> {
  const dropReason = reasonOf(options);
  const [letter] = wanted(letters.failed(), id, options);
  if (letter === undefined) throw unknown(id);
  const behind = letters.behind(letter).length;
  const { outcome, next } =
    options.yes === true
      ? await dropLetter(access, letter, dropReason, PATIENCE_MS)
      : { outcome: 'not sent' as const, next: undefined };
  if (options.json === true) {
    printJson<'dlq'>({
      ...{ action: 'drop', dryRun: options.yes !== true, dropReason },
      letter: { ...jsonOf(letter), behind, outcome },
      ...(next === undefined ? {} : { next: jsonOf(next) }),
    });
  } else {
    process.stdout.write(`${lineOf(letter)}${behindOf(behind)}: ${outcome}\n`);
    if (next !== undefined) process.stdout.write(`Now in the way: ${lineOf(next)}\n`);
    if (options.yes !== true) {
      process.stdout.write(
        `Nothing was dropped: the same with --yes has ${letter.consumer} go on without its effect, for good.\n`,
      );
    }
  }
  return outcome === 'unanswered' ? 1 : 0;
}

function behindOf(count: number): string {
  return count === 0 ? '' : `, and ${count} behind it`;
}

function wanted(
  letters: readonly DeadLetter[],
  id: string | undefined,
  { consumer }: DlqOptions,
): readonly DeadLetter[] {
  return letters.filter(
    (letter) =>
      (id === undefined || letter.id === id) &&
      (consumer === undefined || letter.consumer === consumer),
  );
}

function jsonOf({ id, topic, consumer, key, type, reason, since, last }: DeadLetter) {
  const times = { since: since.toISOString(), last: last.toISOString() };
  const common = { id, topic, consumer, key, reason, ...times };
  return type === undefined ? common : { ...common, type };
}

function lineOf({ id, topic, consumer, key, type, reason }: DeadLetter): string {
  return `${id} of ${topic} for ${consumer}: ${type ?? 'no event'} of ${key ?? 'nothing'}, ${reason}`;
}

function unknown(id: string | undefined): CodedError {
  return new CodedError(
    'DEAD_LETTER_UNKNOWN',
    `Dead letter '${id ?? ''}': must be the id of one that is not settled, got '${id ?? ''}'; 'meridian dlq list' names them`,
  );
}

/** Those with dead letters: somebody consumes them. */
function consumedTopics(topic: string | undefined): readonly string[] {
  const known = landed(platform(localSettings({})))
    .topics.filter(({ consumers }) => consumers.length > 0)
    .map(({ name }) => name);
  if (topic === undefined) return known;
  if (known.includes(topic)) return [topic];
  throw new CodedError(
    'TOPIC_UNKNOWN',
    `Topic '${topic}': must be one that a service consumes (${known.join(', ')}), got '${topic}'; choose one of them, or leave it out to have them all`,
  );
}
