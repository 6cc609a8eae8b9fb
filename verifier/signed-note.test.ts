import { describe, expect, test } from '@jest/globals';
import { openNote, parseVerifierKey } from './signed-note.ts';
import { TestSigner } from './testing/test-signer.ts';

const refusal = (code: string, work: () => unknown): void => {
  expect(work).toThrow(expect.objectContaining({ name: 'VerificationError', code }));
};

/** The example of C2SP signed-note. */
const EXAMPLE = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`,
};

const log = new TestSigner('example.com/log');
const witness = new TestSigner('witness.example/w1', 4);
const stranger = new TestSigner('stranger.example');
const keys = [log, witness].map(({ vkey }) => parseVerifierKey(vkey));
const TEXT = 'A text\n\nof more than one paragraph.\n';

describe('a signed note', () => {
  test('of the specification is accepted, and not with a word changed', () => {
    const key = parseVerifierKey(EXAMPLE.vkey);
    expect(openNote(EXAMPLE.note, [key]).text).toBe('This is an example message.\n');
    refusal('SIGNATURE_WRONG', () => openNote(EXAMPLE.note.replace('an', 'no'), [key]));
  });

  test('says which known keys signed it, and when a witness saw it', () => {
    const note = `${TEXT}\n${stranger.line(TEXT)}${witness.line(TEXT, 12n)}${log.line(TEXT)}${log.line(TEXT)}`;
    const { text, signatures } = openNote(Buffer.from(note), keys);
    expect(text).toBe(TEXT);
    expect(signatures.map(({ key, time }) => [key.name, time])).toEqual([
      ['witness.example/w1', 12n],
      ['example.com/log', undefined],
    ]);
  });

  test('counts nothing by an unknown key, although its name or id is known', () => {
    const namesake = new TestSigner(log.name);
    refusal('UNSIGNED', () => openNote(namesake.note(TEXT), keys));
    expect(openNote(log.note(TEXT, namesake), keys).signatures).toHaveLength(1);
    const renamed = log.note(TEXT).replace('— example.com/log', '— other.example');
    refusal('UNSIGNED', () => openNote(renamed, keys));
  });

  test('is worthless with one wrong signature of a known key among right ones', () => {
    const wrong = witness.line(`${TEXT}more\n`);
    refusal('SIGNATURE_WRONG', () => openNote(`${log.note(TEXT)}${wrong}`, keys));
    // A second, wrong one of the same key is not passed over either.
    refusal('SIGNATURE_WRONG', () => openNote(`${log.note(TEXT)}${log.line('other\n')}`, keys));
  });

  test('is refused with a signature too short for one, also for a time', () => {
    for (const signer of [log, witness]) {
      const short = Buffer.concat([signer.id, Buffer.of(1, 2, 3)]).toString('base64');
      refusal('SIGNATURE_WRONG', () => openNote(`${TEXT}\n— ${signer.name} ${short}\n`, keys));
    }
  });

  const signed = log.note(TEXT);
  /** Differs in bits that the bytes do not have. */
  const nextTo = (digit: string): string => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return digits[digits.indexOf(digit) + 1] ?? '';
  };
  test.each([
    ['without signatures', TEXT],
    ['without the last line break', signed.slice(0, -1)],
    ['with nothing behind the empty line', `${TEXT}\n`],
    ['with a line that is not a signature', `${signed}not a signature\n`],
    ['with a signature of four bytes', `${signed}— example.com/log AAAAAA==\n`],
    [
      'with base64 in a second spelling',
      signed.replace(/(.)=\n$/, (_all, last) => `${nextTo(String(last))}=\n`),
    ],
    ['with a tabulator', signed.replace('A text', 'A\ttext')],
    ['with a plus in a name', `${signed}— a+b ${log.line(TEXT).split(' ')[2] ?? ''}`],
    ['with too many signatures', `${signed}${log.line(TEXT).repeat(100)}`],
    ['of a megabyte and more', `${'x'.repeat(1_000_000)}\n${signed}`],
  ])('is refused %s', (_what, note) => {
    refusal('NOTE_MALFORMED', () => openNote(note, keys));
  });

  test('is refused where it is not UTF-8', () => {
    refusal('NOTE_MALFORMED', () =>
      openNote(Buffer.concat([Buffer.of(0xc0), Buffer.from(signed)]), keys),
    );
  });
});

describe('a key', () => {
  const [name, id, material] = log.vkey.split(/\+(?=[0-9a-f]{8}\+)|(?<=\+[0-9a-f]{8})\+/) as [
    string,
    string,
    string,
  ];

  test.each([
    ['without parts', 'example.com/log'],
    ['without a name', `+${id}+${material}`],
    ['with a space in its name', `example.com/my log+${id}+${material}`],
    ['with the id of another', `${name}+00000000+${material}`],
    ['with an id in capitals', `${name}+${id.toUpperCase()}X+${material}`],
    ['of another name', `other+${id}+${material}`],
    ['of an unknown type', `${name}+${id}+${Buffer.alloc(33, 2).toString('base64')}`],
    ['that is too short', `${name}+${id}+${Buffer.alloc(9, 1).toString('base64')}`],
  ])('is refused %s', (_what, vkey) => {
    refusal('KEY_MALFORMED', () => parseVerifierKey(vkey));
  });

  test('of a log and one of a witness are told apart', () => {
    expect(keys.map(({ type }) => type)).toEqual(['ed25519', 'cosignature/v1']);
  });
});
