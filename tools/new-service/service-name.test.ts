import { describe, expect, test } from '@jest/globals';
import { programFolder } from '../meridian/places.ts';
import { newNames } from './service-name.ts';

const root = programFolder;
const names = (service: string, resource?: string) =>
  newNames(root, service, resource, ['catalog']);

describe('the names of a new service', () => {
  test('follow from one word, or from two', () => {
    expect(names('notes')).toEqual({
      service: 'notes',
      resource: 'note',
      Service: 'Notes',
      Resource: 'Note',
    });
    expect(names('ledger', 'entry')).toMatchObject({ resource: 'entry', Resource: 'Entry' });
  });

  test.each([
    [
      'catalog',
      undefined,
      /Service 'catalog': its name must be of no other service or task, got one that is taken/,
    ],
    [
      'kit',
      undefined,
      /Service 'kit': .* must be a word that nothing reserves, got a reserved one/,
    ],
    ['edge', undefined, /must be a word that nothing reserves/],
    ['class', undefined, /must be a word that nothing reserves/],
    ['message', undefined, /must be a word that nothing reserves/],
    [
      'Notes',
      undefined,
      /must be 1 to 32 lower-case letters and digits, .* got 'Notes'; name another one/,
    ],
    ['gift-cards', undefined, /must be 1 to 32 lower-case letters and digits/],
    ['9lives', undefined, /with a letter first/],
    ['', undefined, /must be 1 to 32/],
    ['a'.repeat(33), undefined, /must be 1 to 32/],
    [
      'ledger',
      undefined,
      /Resource 'ledger': its name must be another word than the service, .*--resource/,
    ],
    ['notes', 'default', /Resource 'default': .*--resource/],
  ] as const)('refuses %j with %j', (service, resource, message) => {
    expect(() => names(service, resource)).toThrow(message);
  });
});
