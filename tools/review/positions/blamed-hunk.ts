import path from 'node:path';
import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
import type { Finding, Position } from '../finding.ts';
import type { ChangedLines, Hunk } from './changed-lines.ts';
import { partsOf } from './object-makers.ts';
import type { ObjectMakers } from './object-makers.ts';

/** What speaks for a hunk, in points: none of them alone has to be right. */
const POINTS = {
  /** A value that came or went stands on its lines. */
  value: 6,
  /** Its lines have the field, or another word that the finding says. */
  word: 4,
  /** Each word of the object that stands in the way to the file. */
  path: 1,
  /** Each step from what makes such objects. */
  step: -1,
} as const;

/** No way to a file says more than this many words of an object. */
const PATH_WORDS_MAX = 2;

/** As many steps as from what is known to have to do with such an object, and one more. */
const UNREACHED = 4;

/** A hunk with what speaks for it. */
interface Candidate extends Position {
  readonly points: number;
  /** Whether its lines say so, and not only where it stands. */
  readonly isSaid: boolean;
  /** Whether it is where such objects are made, or one step from there and named like this one. */
  readonly isReached: boolean;
}

/**
 * The line to blame for what became of an object that no declaration tells of: of the parts of files that changed, the one
 * for which most speaks, by what makes such objects and by what stands on its lines. Where a single part changed there is
 * nothing else it could be. Undefined where as much speaks for another file, as none is better than a wrong one.
 *
 * @param declaring the file with the declaration that the object follows from, which has other parts too. @default none
 */
export function blamedHunk(
  finding: Finding,
  { changed, makers }: { readonly changed: ChangedLines; readonly makers: ObjectMakers },
  declaring?: string,
): Position | undefined {
  const files = [...changed.values()];
  const [only, ...others] = files;
  const reach = distancesFor(finding, makers);
  const clues = cluesOf(finding);
  const candidates = files.flatMap(({ file, hunks }) => {
    const distance = reach?.get(file) ?? distanceBeside(file, finding, declaring);
    // What nothing of it leads to such an object cannot have made it, unless nobody knows what makes them.
    if (others.length > 0 && reach !== undefined && distance === undefined) return [];
    const named = wordsOfWay(file).filter((word) => clues.names.has(word)).length;
    return hunks
      .map(readHunk)
      .filter(({ isOfCode }) => others.length === 0 || isOfCode)
      .map((hunk) => candidate(file, hunk, { distance, named, clues }));
  });
  const best = candidates.reduce<Candidate | undefined>(
    (found, one) => (found === undefined || one.points > found.points ? one : found),
    undefined,
  );
  if (best === undefined) return undefined;
  const place = { file: best.file, line: best.line };
  if (only !== undefined && others.length === 0) return place;
  const isAlone = candidates.every(
    ({ file, points }) => file === best.file || points < best.points,
  );
  return isAlone && (best.isSaid || best.isReached) ? place : undefined;
}

/** What stands on the lines of a hunk, read once for all findings. */
interface ReadHunk {
  readonly line: number;
  readonly text: string;
  /** Values that only the head gives, and only the base. */
  readonly come: readonly string[];
  readonly gone: readonly string[];
  /** Whether more than comments and spaces differ, of which nothing is made. */
  readonly isOfCode: boolean;
}

const READ = new WeakMap<Hunk, ReadHunk>();

function readHunk(hunk: Hunk): ReadHunk {
  const known = READ.get(hunk);
  if (known !== undefined) return known;
  const { added, removed } = hunk;
  const texts = [...added, ...removed].map(({ text }) => text);
  const read: ReadHunk = {
    line: (added[0] ?? removed[0])?.line ?? 1,
    text: texts.join('\n'),
    come: literalsIn(added.map(({ text }) => text).join('\n')),
    gone: literalsIn(removed.map(({ text }) => text).join('\n')),
    isOfCode: texts.some((text) => !/^\s*(?:$|\/\/|\/?\*|#)/.test(text)),
  };
  READ.set(hunk, read);
  return read;
}

const WAYS = new Map<string, readonly string[]>();

/** The words of the way to a file, each once and without its ending. */
function wordsOfWay(file: string): readonly string[] {
  const known = WAYS.get(file) ?? [...new Set(partsOf(file).map(stem))];
  WAYS.set(file, known);
  return known;
}

function candidate(
  file: string,
  { line, text, come, gone }: ReadHunk,
  given: {
    readonly distance: number | undefined;
    /** How many words of the object are in the way to the file. */
    readonly named: number;
    readonly clues: Clues;
  },
): Candidate {
  const { distance, named } = given;
  const { words, before, after } = given.clues;
  const isValue =
    come.some((one) => after.includes(one) && !before.includes(one)) ||
    gone.some((one) => before.includes(one) && !after.includes(one));
  const isWord = words.some((word) => hasWord(text, word));
  return {
    file,
    line,
    points:
      (isValue ? POINTS.value : 0) +
      (isWord ? POINTS.word : 0) +
      Math.min(named, PATH_WORDS_MAX) * POINTS.path +
      (distance ?? UNREACHED) * POINTS.step,
    isSaid: isValue || isWord,
    isReached: distance === 0 || (distance === 1 && named > 0),
  };
}

/** Kinds of objects that are a service's own, and told by its name alone. Source: resources/declared-by.ts. */
const OF_A_SERVICE = ['Rollout', 'AnalysisTemplate', 'ScaledObject'] as const;

/** Where rules of Prometheus come from, and what is told of them. */
const RULES_FOLDER = 'components/observability/rules/';
const OF_RULES: ReadonlySet<string> = new Set(['alerts', 'records']);

/** Whether a finding is of a rule of Prometheus, which is made of a declaration and of what holds for all of them. */
export function isOfRules({ among }: Pick<Finding, 'among'>): boolean {
  return OF_RULES.has(among);
}

/** How far files are from what makes an object of a finding; undefined where nobody knows what makes it. */
function distancesFor(
  { subject, among, kind, property = '' }: Finding,
  makers: ObjectMakers,
): ReadonlyMap<string, number> | undefined {
  const known = (kinds: readonly string[]): ReadonlyMap<string, number> | undefined => {
    const found = new Map<string, number>();
    for (const [file, distance] of kinds.flatMap((one) => [...makers.distancesOf(one)])) {
      found.set(file, Math.min(distance, found.get(file) ?? distance));
    }
    return found.size === 0 ? undefined : found;
  };
  if (kind === 'policy-broken') {
    // What an object lacks is another one's that the rule names.
    const named = known(makers.kindsIn(new Set(partsOf(property))));
    if (named !== undefined) return named;
  }
  if (among === 'connections') return known(['NetworkPolicy']);
  if (among === 'services') return known(OF_A_SERVICE);
  const [, object = ''] = OBJECT.exec(subject) ?? [];
  return object === '' ? undefined : known([object]);
}

/** As an object is told: 'NetworkPolicy meridian/payments', 'Namespace meridian-data', 'chart loki', 'aws.kms.Key kafka'. */
const OBJECT = /^(?:[a-z]\w*\.)*((?:chart [\w-]+$)|[A-Z]\w+(?= [\w./-]+$))/;

/** Settings reach every object, by ways that no import tells; what declares it has files beside it; rules have a folder. */
function distanceBeside(
  file: string,
  finding: Finding,
  declaring: string | undefined,
): number | undefined {
  if (declaring !== undefined && file.startsWith(`${path.dirname(declaring)}/`)) return 1;
  if (isOfRules(finding) && file.startsWith(RULES_FOLDER)) return 1;
  return /^(?:stacks\/|Pulumi\.)/.test(file) ? SETTINGS_AWAY : undefined;
}

/** Settings are for everything: more has to speak for them than that they changed. */
const SETTINGS_AWAY = 3;

/** What of a finding may stand on a line of the program. */
interface Clues {
  /** Fields and words, the innermost field first. */
  readonly words: readonly string[];
  /** Words of who it is about, without their endings. */
  readonly names: ReadonlySet<string>;
  /** What it is told to have been, and to be, with what is only there on one side. */
  readonly before: string;
  readonly after: string;
}

function cluesOf(finding: Finding): Clues {
  const { subject, before = '', after = '' } = finding;
  // What only an update will know stands on no line.
  const clue = finding.clue?.after === UNKNOWN_VALUE ? undefined : finding.clue;
  const property = finding.property ?? clue?.property ?? '';
  const name = subject.replace(OBJECT, '');
  const fields = [property, name].flatMap(
    (text) => text.match(/[A-Za-z][\w-]{3,}/g)?.toReversed() ?? [],
  );
  const values = [after, before].filter((text) => /^[\w.-]{4,}$/.test(text));
  // In a sentence only a name in two cases is one of the program.
  const named = [before, after].flatMap((text) => text.match(/\b[a-z]+[A-Z]\w+/g) ?? []);
  // A rule speaks of what is 'protected' by a member 'protect'.
  const members = partsOf(property).flatMap((word) => /^\w{4,}(?=ed$)/.exec(word) ?? []);
  // What is so short stands everywhere, but for where it is given.
  const given = /^[a-z]{2,3}$/.test(property) ? [`${property}:`] : [];
  const words = [...fields, ...values, ...named, ...members, ...given];
  return {
    words: [...new Set(words)].filter((word) => !COMMON.has(word)),
    names: new Set(partsOf(`${name} ${before} ${after}`).map(stem).filter(isTelling)),
    before: `${spelled(before)} ${clue?.before ?? ''}`,
    after: `${spelled(after)} ${clue?.after ?? ''} ${subject} ${property}`,
  };
}

/** A span of time that is told in seconds, in the other ways too in which a line may have it: '600 s' is '10m'. */
function spelled(text: string): string {
  const [, seconds] = /^(\d+) s$/.exec(text) ?? [];
  if (seconds === undefined) return text;
  const whole = [
    ['s', 1],
    ['m', 60],
    ['h', 3_600],
  ] as const;
  return [
    text,
    ...whole.flatMap(([unit, length]) =>
      Number(seconds) % length === 0 ? [`${Number(seconds) / length}${unit}`] : [],
    ),
  ].join(' ');
}

/** Names that stand everywhere in a program of Kubernetes, and so point to nothing. */
const COMMON = new Set([
  ...['spec', 'metadata', 'template', 'containers', 'name', 'namespace', 'values', 'data'],
  ...['meridian', 'services', 'kind', 'labels', 'config', 'settings', 'more', 'none', 'there'],
  ...[
    'true',
    'false',
    'annotations',
    'every',
    'object',
    'objects',
    'another',
    'pods',
    'with',
    'from',
    'default',
  ],
]);

function isTelling(word: string): boolean {
  return word.length > 2 && !COMMON.has(word);
}

/** So that 'policies' is 'policy', 'denies' 'deny' and 'topics' 'topic'. */
function stem(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
}

/** Texts and numbers that a line of a program or of settings gives; numbers without what parts their digits. */
function literalsIn(text: string): readonly string[] {
  const texts = [...text.matchAll(/'([^'\n]{3,})'|"([^"\n]{3,})"|:\s+([\w./-]{3,})$/gm)].flatMap(
    (found) => found.slice(1).filter(Boolean),
  );
  const numbers = [...text.matchAll(/\b\d[\d_]+\b/g)].map(([found]) => found.replaceAll('_', ''));
  return [...texts, ...numbers].filter((one) => !COMMON.has(one));
}

/** Whether a word stands in a text: names of methods begin with either case, in TypeScript and in contracts. */
export function hasWord(text: string, word: string): boolean {
  // Most words stand nowhere, and to look for one is much faster than to make a pattern of it.
  if (!text.includes(word.slice(1))) return false;
  const [first = ''] = word;
  const either = `[${escaped(first.toLowerCase())}${escaped(first.toUpperCase())}]`;
  const pattern = `(?<![\\w$])${either}${escaped(word.slice(1))}(?![\\w$])`;
  return new RegExp(pattern).test(text);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|\-/]/g, String.raw`\$&`);
}
