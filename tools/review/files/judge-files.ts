import { namedPlaces } from '../resources/aspect.ts';
import type { Finding } from '../finding.ts';

/** A part of what judges a change. */
interface JudgePart {
  readonly part: string;
  readonly files: RegExp;
}

/** What a review consists of, beside the program that it judges; of several parts that have a file the first counts. */
const PARTS: readonly JudgePart[] = [
  { part: 'language host', files: /^tools\/language-host\// },
  { part: 'review', files: /^tools\/review\// },
  { part: 'rehearsal', files: /^(?:providers\/rehearsal|tools\/meridian\/rehearsal)\// },
  // What of them is a table of data is told by itself, and what else is as a judge.
  { part: 'rules', files: /^policies\// },
  // By these a program says what it declares, against which all else is held.
  {
    part: 'declared facts',
    files:
      /^(?:infra\/(?:declared-[\w-]+|prepare|platform-graph|import-declarations)|components\/model\/(?:build-graph|contract-shapes|graph|landed|positions|serialise))\.ts$/,
  },
  { part: 'engines', files: /^tools\/engines\// },
  {
    part: 'tool',
    files: /^(?:meridian$|tools\/(?:bootstrap\/|meridian\/|meridian\.mjs$))/,
  },
];

/** What runs in no review: tests, and what they need. */
const OF_TESTS = /\.test\.ts$|\/testing\//;

/** Whether a file is a part of the judge. */
export function judgePart(file: string): string | undefined {
  return OF_TESTS.test(file) ? undefined : PARTS.find(({ files }) => files.test(file))?.part;
}

/** What of the judge a change alters: the review at hand is made by the base's, and the next one by this. */
export function judgeFindings(paths: readonly string[]): readonly Finding[] {
  const parts = Map.groupBy(
    paths.filter((file) => judgePart(file) !== undefined),
    judgePart,
  );
  return [...parts].map(([part = 'tool', files]) => ({
    kind: 'judge-changed',
    subject: part,
    among: 'parts of the judge',
    property: namedPlaces(files.toSorted()),
    consequence: 'the next review is made by the changed one',
    at: { file: files.toSorted()[0] ?? part, line: 1 },
  }));
}
