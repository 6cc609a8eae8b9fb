import { statSync } from 'node:fs';

/** What takes minutes, the longest first: begun last, one of these would run on beside idle cores. */
const LONGEST = [
  'tests/end-to-end/platform.test.ts',
  'tests/end-to-end/trouble.test.ts',
  'providers/local/lifecycle.test.ts',
  'tests/end-to-end/preview.test.ts',
  'providers/rehearsal/rehearsal.test.ts',
  'tools/images/images.test.ts',
  'services/kit/events/kafka.test.ts',
  'tests/engines/kafka.test.ts',
  'tests/engines/telemetry-engines.test.ts',
];

/** Orders suites for a clone that has not run them yet, where jest itself goes by size alone. */
export default class LongestFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const place = LONGEST.findIndex((suite) => path.endsWith(suite));
      return place === -1 ? LONGEST.length : place;
    };
    const size = ({ path }) => statSync(path).size;
    return tests.toSorted((a, b) => rank(a) - rank(b) || size(b) - size(a));
  }

  /** jest hands over what each suite took; the order above needs none of it. */
  cacheResults() {}
}
