import { expect, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { failedReview } from './failed-review.ts';
import { changedFile } from './positions/changed-lines.ts';
import type { ChangedLines } from './positions/changed-lines.ts';

const TOPICS = 'services/orders/topics.ts';
const ACCESS = 'services/orders/access.ts';
const PINS = 'stacks/pins.json';

const edited = (file: string, ...lines: readonly string[]) =>
  [file, changedFile(file, 'one\ntwo\n', ['one', 'two', ...lines, ''].join('\n'))] as const;

/** What is told of a head whose program says this, by the files that changed. */
function toldOf(
  message: string,
  ...files: readonly (readonly [string, ReturnType<typeof changedFile>])[]
) {
  const changed: ChangedLines = new Map(files);
  const cause = new CodedError('REHEARSAL_REFUSED', 'It was refused', { problems: [message] });
  return failedReview('staging', cause, changed);
}

const REPLICATION = `Topic 'orders.events.v1': replication must be 3, got 2; set it in ${TOPICS}`;

test('a program that cannot be made is blamed on the changed line that its message is about', () => {
  expect(toldOf(REPLICATION, edited(TOPICS, 'retention,', 'replication: 2,'))).toMatchObject({
    code: 'HEAD_NOT_BUILT',
    at: { file: TOPICS, line: 4 },
  });
});

test('where the file that is named did not change, the one beside it that did is blamed', () => {
  const message =
    "Service 'orders': access of RefundOrder must have a row; see services/orders/service.ts";
  expect(
    toldOf(message, edited(ACCESS, '  refundOrder: NOBODY,'), edited(PINS, '{}')),
  ).toMatchObject({
    at: { file: ACCESS, line: 3 },
  });
});

test('a line that a message names is told where it changed, and no file of another name', () => {
  const pins = `Pins 'orders': must be a digest, got 'x'; write it to ${PINS}: line 3`;
  expect(toldOf(pins, edited(PINS, '"orders": "x"'))).toMatchObject({
    at: { file: PINS, line: 3 },
  });
  expect(toldOf(`Pins: must be one; see ${PINS}`, edited(PINS, '{}'))).toMatchObject({
    at: { file: PINS, line: 3 },
  });
});

test('no line is told where it cannot be', () => {
  const told = toldOf('Zones: must be three', edited(TOPICS, 'a'), edited(PINS, 'b'));
  expect(told).not.toHaveProperty('at');
});

test('a program that would look at the world is told as that', () => {
  const message = 'kubernetes:core/v1:getSecret: The program makes no provider invoke';
  expect(toldOf(message)).toMatchObject({ code: 'HEAD_ASKS_OUTSIDE', message });
});

test('what has nothing to do with the change is not told as a review', () => {
  expect(() => failedReview('staging', new Error('a bug'), new Map())).toThrow('a bug');
  expect(
    failedReview('staging', new CodedError('SANDBOX_LIMIT', 'It took too long'), new Map()),
  ).toEqual({ stack: 'staging', code: 'SANDBOX_LIMIT', message: 'It took too long' });
});
