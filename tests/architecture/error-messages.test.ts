import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { programSources } from './code-of.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

/** Codes of what a user has given, or has to give: the message says what, what is allowed, and the way out. */
const OF_INPUT = new Set([
  'BENCH_OPTION_UNUSABLE',
  'CATALOGUE_EMPTY',
  'CLIENT_MISSING',
  'CONFIRMATION_NEEDED',
  'FOLDERS_UNSET',
  'FOLDER_FOREIGN',
  'IMAGE_FOLDER_REFUSED',
  'IMAGE_SERVICE_UNKNOWN',
  'LOG_UNKNOWN',
  'PLATFORM_NOT_RUNNING',
  'PREVIEW_OPTION_UNUSABLE',
  'REVISION_UNKNOWN',
  'STACK_FILE_UNREADABLE',
  'STACK_UNKNOWN',
  'STACK_WITHOUT_CHARTS',
  'SUITE_UNKNOWN',
  'TEST_OPTION_UNUSABLE',
  'TOPIC_UNKNOWN',
]);

/** `Topic 'orders': partitions must be 1 to 200, got 0; set it in services/orders/topics.ts`. */
const HOUSE_FORM = /^[A-Z][^:]*: .*must .*, got .*; /s;

/** A coded error whose message is written where it is thrown. */
interface Message {
  readonly code: string;
  readonly text: string;
  readonly file: string;
}

function messages(): readonly Message[] {
  return programSources(['ts']).flatMap((file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    const thrown = source.matchAll(
      /CodedError\(\s*'([A-Z_]+)',\s*(?:`((?:[^`\\]|\\.)*)`|"([^"]*)"|'([^']*)')/g,
    );
    return [...thrown].map(([, code = '', template, double, single]) => ({
      code,
      text: template ?? double ?? single ?? '',
      file,
    }));
  });
}

test('a message about what a user has given names the thing, what is allowed, what was given and the way out', () => {
  const ofInput = messages().filter(({ code }) => OF_INPUT.has(code));
  expect(new Set(ofInput.map(({ code }) => code))).toEqual(OF_INPUT);
  expect(ofInput.filter(({ text }) => !HOUSE_FORM.test(text))).toEqual([]);
});
