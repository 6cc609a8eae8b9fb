import { expect, test } from '@jest/globals';
import { shareRepeated } from './shared-schemas.ts';
import { strictSchema } from './structural-schema.ts';

test.each([
  [
    'an object has no other properties than its schema names',
    { type: 'object', description: 'x', properties: { a: { type: 'string', description: 'y' } } },
    { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
  ],
  [
    'an object without properties is empty, since the API server prunes the rest',
    { type: 'object' },
    { type: 'object', additionalProperties: false },
  ],
  [
    'unknown fields are kept where the schema keeps them',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    { type: 'object' },
  ],
  [
    'a map has values of its schema',
    { type: 'object', additionalProperties: { type: 'integer', format: 'int32' } },
    { type: 'object', additionalProperties: { type: 'integer', format: 'int32' } },
  ],
  [
    'an integer or a string is either',
    {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      'x-kubernetes-int-or-string': true,
      pattern: '^[0-9]+$',
    },
    { type: ['integer', 'string'], pattern: '^[0-9]+$' },
  ],
  [
    'null is allowed where it is said to be',
    { type: 'string', nullable: true },
    { type: ['string', 'null'] },
  ],
  [
    'what has a default is not missing',
    {
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'string', default: '' }, b: { type: 'string' } },
    },
    {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      required: ['b'],
      additionalProperties: false,
    },
  ],
  [
    'alternatives say nothing of which properties there are',
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      oneOf: [{ properties: { a: { enum: ['x'] } }, required: ['a'] }],
    },
    {
      type: 'object',
      oneOf: [{ properties: { a: { enum: ['x'] } }, required: ['a'] }],
      properties: { a: { type: 'string' } },
      additionalProperties: false,
    },
  ],
  [
    'an exclusive bound is one of its own',
    { type: 'integer', maximum: 10, exclusiveMaximum: true, minimum: 1 },
    { type: 'integer', exclusiveMaximum: 10, minimum: 1 },
  ],
  [
    'a list that is a set has no item twice',
    { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    { type: 'array', items: { type: 'string' }, uniqueItems: true },
  ],
  [
    'an embedded object says what it is',
    {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    {
      type: 'object',
      properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: {} },
    },
  ],
])('%s', (_rule, given, strict) => {
  expect(strictSchema(given)).toEqual(strict);
});

test('a part that occurs twice is a definition', () => {
  const part = { type: 'string', enum: Array.from({ length: 60 }, (_value, index) => `v${index}`) };
  const schema = { type: 'object', properties: { a: part, b: { type: 'array', items: part } } };
  const { kinds, definitions } = shareRepeated({ 'x/v1/X': schema }, 'x');
  const [name = ''] = Object.keys(definitions);
  expect(definitions).toEqual({ [name]: part });
  const reference = { $ref: `x.json#/definitions/${name}` };
  expect(kinds['x/v1/X']?.properties).toEqual({
    a: reference,
    b: { type: 'array', items: reference },
  });
});
