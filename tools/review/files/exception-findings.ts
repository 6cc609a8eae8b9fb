import type { Exception } from '@meridian/policies/exceptions.ts';
import type { Finding, Position } from '../finding.ts';

/** Where exceptions are written down. */
export const EXCEPTIONS_FILE = 'policies/exceptions.ts';

/** An entry of the list as prettier writes it. */
const ENTRY =
  /\{\s*rule: '(?<rule>[^'\n]*)',\s*object: '(?<object>[^'\n]*)',\s*owner: '(?<owner>[^'\n]*)',\s*reason:\s*'(?<reason>[^'\n]*)',\s*until: '(?<until>\d{4}-\d\d-\d\d)',\s*\},?/g;

/** What a file of exceptions says. */
interface ExceptionFile {
  readonly exceptions: readonly Exception[];
  /** All else of it. */
  readonly rest: string;
}

/** The exceptions in a source text, which is read and not run. */
export function exceptionsIn(source: string): ExceptionFile {
  const exceptions = [...source.matchAll(ENTRY)].map(({ groups }) => {
    const { rule = '', object = '', owner = '', reason = '', until = '' } = groups ?? {};
    return { rule, object, owner, reason, until };
  });
  return { exceptions, rest: source.replaceAll(ENTRY, '').replaceAll(/\s+/g, '') };
}

/** Exceptions that a change adds, prolongs, shortens or ends. */
export function exceptionFindings(before: string, after: string): readonly Finding[] {
  const was = new Map(exceptionsIn(before).exceptions.map((one) => [keyOf(one), one]));
  const is = new Map(exceptionsIn(after).exceptions.map((one) => [keyOf(one), one]));
  return [
    ...[...is].flatMap(([key, exception]) => changeOf(was.get(key), exception, after)),
    ...[...was]
      .filter(([key]) => !is.has(key))
      .map(([, { rule, object, until }]): Finding => ({
        ...ofException(rule, object),
        kind: 'policy-strengthened',
        before: `until ${until}`,
        after: 'none',
        consequence: 'the rule holds there again',
        at: placeOf(before, { rule, object, until }),
      })),
  ];
}

/** Whether nothing but entries of the list differs. */
export function isOfEntriesAlone(before: string, after: string): boolean {
  return exceptionsIn(before).rest === exceptionsIn(after).rest;
}

function changeOf(
  was: Exception | undefined,
  { rule, object, owner, reason, until }: Exception,
  source: string,
): readonly Finding[] {
  if (was?.until === until) return [];
  const isWider = was === undefined || until > was.until;
  return [
    {
      ...ofException(rule, object),
      kind: isWider ? 'exception-widened' : 'policy-strengthened',
      before: was === undefined ? 'none' : `until ${was.until}`,
      after: `until ${until}`,
      consequence: isWider
        ? `${owner} answers for it: ${reason}`
        : 'the rule holds there again sooner',
      at: placeOf(source, { rule, object, until }, was === undefined ? undefined : 'until'),
    },
  ];
}

/** Where an entry stands, or the line of one of its members. */
function placeOf(
  source: string,
  { rule, object, until }: Pick<Exception, 'rule' | 'object' | 'until'>,
  member?: 'until',
): Position {
  const entry = [...source.matchAll(ENTRY)].find(
    ({ groups }) =>
      groups?.['rule'] === rule && groups['object'] === object && groups['until'] === until,
  );
  const start = entry?.index ?? 0;
  const offset = member === undefined ? 0 : (entry?.[0].indexOf(`${member}: '`) ?? 0);
  return { file: EXCEPTIONS_FILE, line: source.slice(0, start + offset).split('\n').length };
}

function ofException(rule: string, object: string) {
  return { subject: object, among: 'exceptions', property: rule };
}

function keyOf({ rule, object }: Exception): string {
  return `${rule} ${object}`;
}
