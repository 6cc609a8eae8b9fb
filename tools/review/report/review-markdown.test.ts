import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { REPORT_BYTES } from './report-size.ts';
import { reviewMarkdown } from './review-markdown.ts';
import { hostileReview, hostileText } from './testing/hostile-review.ts';
import { judged, refundsReview, reviewOf } from './testing/sample-review.ts';

/** A node of Markdown as it is parsed by CommonMark with GitHub's extensions. */
interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}

function nodesOf(markdown: string): readonly Node[] {
  const every = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(every)];
  return every(
    fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }),
  );
}

/** All that a report is made of: none of it leads anywhere, calls anybody or runs. */
const HARMLESS = ['root', 'heading', 'text', 'code', 'inlineCode', 'html'];

const OUR_HTML = ['<details><summary>The rest of it, by sections</summary>', '</details>'];

/** What a stack is told by outside of code, besides its name where that is a plain word. */
const OUR_TEXT =
  /^(([a-z][a-z0-9-]*)?: )(NOT REVIEWED|no change for anyone|nothing that anybody would notice|[\d A-Zadehinockst,]+)$/;

test('a review is a heading for each stack, what matters as it stands, and the rest folded', () => {
  const nodes = nodesOf(reviewMarkdown([refundsReview]));
  const [heading] = nodes.filter(({ type }) => type === 'heading');
  expect(heading?.children?.[0]?.value).toBe('staging: 1 DANGER, 2 checks, 1 note');
  const [above, rest] = nodes.filter(({ type }) => type === 'code');
  expect(above?.value).toContain('\n1 NEWLY REACHABLE  anonymous → POST /v1/refunds');
  expect(rest?.value).toContain('COST: no prices');
});

describe('whatever a hostile change says', () => {
  test('is code, and so no link, image, HTML, mention, reference or heading', () => {
    fc.assert(
      fc.property(hostileReview, hostileText, hostileText, (review, stack, message) => {
        const markdown = reviewMarkdown([review, { stack, code: message, message }]);
        const nodes = nodesOf(markdown);
        const of = (type: string) => nodes.filter((node) => node.type === type);
        expect(nodes.filter(({ type }) => !HARMLESS.includes(type))).toEqual([]);
        expect(of('html').filter(({ value = '' }) => !OUR_HTML.includes(value))).toEqual([]);
        expect(of('text').filter(({ value = '' }) => !OUR_TEXT.test(value))).toEqual([]);
        expect(of('heading')).toHaveLength(2);
      }),
      { numRuns: 100 },
    );
  });

  test('is found by this test if it were not code', () => {
    const open = nodesOf('see @octocat at https://evil.example and <img src=x>\n');
    expect(open.map(({ type }) => type)).toEqual(expect.arrayContaining(['link', 'html']));
  });
});

test('a report of any size is a comment that GitHub takes, with its dangers above the fold', () => {
  const findings = Array.from({ length: 4000 }, (_, index) =>
    judged({
      kind: index < 1000 ? 'data-deleted' : 'call-added',
      subject: `价格-${index}`,
      consequence: `c${index}`,
      at: { file: 'a/`b`.ts', line: index + 1 },
    }),
  );
  const markdown = reviewMarkdown([reviewOf({ findings }), reviewOf({ stack: 'local', findings })]);
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(REPORT_BYTES);
  expect(markdown).toContain('1000 DANGERS');
  expect(nodesOf(markdown).filter(({ type }) => type === 'html')).toHaveLength(2);
  const small = reviewMarkdown([reviewOf({ findings: findings.slice(0, 80) })]);
  expect(small.split('\n<details>')[0]?.split('\n').length).toBeLessThanOrEqual(40);
});
