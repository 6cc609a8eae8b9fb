import { compareText } from '@meridian/components/model/order.ts';
import { namedPlaces } from '../resources/aspect.ts';
import { changedPlace } from './changed-tree.ts';
import type { ChangedText } from './changed-tree.ts';
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
  // Prices themselves are dated data.
  { part: 'cost', files: /^tools\/cost\/.*\.ts$/ },
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
export function judgeFindings(changed: readonly ChangedText[]): readonly Finding[] {
  const parts = Map.groupBy(
    changed.filter(({ file }) => judgePart(file) !== undefined),
    ({ file }) => judgePart(file),
  );
  return [...parts].flatMap(([part = 'tool', texts]): readonly Finding[] => {
    const [first, ...others] = texts.toSorted((one, other) => compareText(one.file, other.file));
    if (first === undefined) return [];
    return [
      {
        kind: 'judge-changed',
        subject: part,
        among: 'parts of the judge',
        property: namedPlaces([first, ...others].map(({ file }) => file)),
        consequence: 'the next review is made by the changed one',
        at: changedPlace(first),
      },
    ];
  });
}
