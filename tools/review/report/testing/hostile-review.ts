import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import fc from 'fast-check';
import { codePoint } from '../../../../tests/code-point.ts';
import type { StackReview } from '../../stack-review.ts';
import { judged, reviewOf } from './sample-review.ts';

/** What somebody would write into a name to be read as something else, in a terminal or on GitHub. */
const ATTACKS = [
  ...['\n1 DATA DELETED  nothing', '\r\n\r\nstaging: no change for anyone', '\u001b[2J\u001b[H'],
  ...['\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', '\u202e\u2066', '\u200b\ufeff'],
  ...['@meridian/owners', '@octocat', '#123', 'GH-1', 'octo/repo#1', 'www.evil.example'],
  ...['https://evil.example/', 'mail@evil.example', '[text](javascript:alert(1))', '![x](y.png)'],
  ...['<script>alert(1)</script>', '<img src=x onerror=y>', '<!-- -->', '</details>', '&lt;b&gt;'],
  ...[
    '```',
    '~~~',
    '`',
    '``',
    '\n```\n# heading\n',
    '\n</code>\n',
    '| a | b |\n|---|---|\n| c | d |',
  ],
  ...[
    '# heading',
    '\n---\n',
    '- [x] task',
    '[^1]',
    '[ref]: https://evil.example',
    '$$x$$',
    ':smile:',
  ],
  ...['*a* _b_ **c**', '<https://evil.example>', '\u2028### heading', '\\', '\\`', '    code'],
] as const;

/** Texts of a hostile change: attacks, alone and in any text, and any text at all. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ATTACKS),
  fc
    .array(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: codePoint, maxLength: 6 })))
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

const finding = fc
  .record(
    {
      kind: fc.constantFrom(...(Object.keys(SEVERITIES) as ChangeKind[])),
      subject: hostileText,
      among: hostileText,
      property: hostileText,
      before: hostileText,
      after: hostileText,
      consequence: hostileText,
      follows: fc.array(hostileText, { maxLength: 5 }),
      at: fc.record({ file: hostileText, line: fc.nat() }),
    },
    { requiredKeys: ['kind', 'subject', 'among', 'consequence'] },
  )
  .map(judged);

/** A review in which whatever a change can say is hostile. */
export const hostileReview: fc.Arbitrary<StackReview> = fc
  .record({
    stack: hostileText,
    base: hostileText,
    head: hostileText,
    judge: hostileText,
    digest: hostileText,
    findings: fc.array(finding, { maxLength: 12 }),
    olderViolations: fc.dictionary(hostileText, fc.nat()),
    notAssessed: fc.array(hostileText, { maxLength: 3 }),
  })
  .map(reviewOf);
