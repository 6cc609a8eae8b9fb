import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchPath, parsePathTemplate, shape } from './path-template.ts';

function match(template: string, path: string): Record<string, string> | undefined {
  const values = matchPath(parsePathTemplate(template), path);
  return values && Object.fromEntries(values.map(({ fieldPath, value }) => [fieldPath, value]));
}

describe('a path template', () => {
  test.each([
    ['/v1/things', '/v1/things', {}],
    ['/v1/things', '/v1/things/', undefined],
    ['/v1/things', '/v1//things', undefined],
    ['/v1/things', '/V1/things', undefined],
    ['/v1/things', 'v1/things', undefined],
    ['/v1/things/{id}', '/v1/things/7', { id: '7' }],
    ['/v1/things/{id}', '/v1/things/', undefined],
    ['/v1/things/{id}', '/v1/things/a/b', undefined],
    ['/v1/things/{id}', '/v1/things/a%2Fb', { id: 'a/b' }],
    ['/v1/things/{id}', '/v1/things/%E2%82%AC%20x', { id: '€ x' }],
    ['/v1/things/{id}', '/v1/things/..', { id: '..' }],
    ['/v1/things/{id}', '/v1/things/a:b', { id: 'a:b' }],
    ['/v1/{a.b.c}/x', '/v1/1/x', { 'a.b.c': '1' }],
    ['/v1/{name=shelves/*}', '/v1/shelves/1', { name: 'shelves/1' }],
    ['/v1/{name=shelves/*}', '/v1/boxes/1', undefined],
    [
      '/v1/{name=shelves/*/boxes/*}',
      '/v1/shelves/a%2fb/boxes/%20',
      { name: 'shelves/a%2fb/boxes/ ' },
    ],
    ['/v1/{path=**}', '/v1/a/b/c', { path: 'a/b/c' }],
    ['/v1/{path=**}', '/v1/', undefined],
    ['/v1/{id}:go', '/v1/1:go', { id: '1' }],
    ['/v1/{id}:go', '/v1/1:stop', undefined],
    ['/v1/{id}:go', '/v1/1', undefined],
    ['/v1/*/{id}', '/v1/any/1', { id: '1' }],
  ])('%s matches %s as %j', (template, path, expected) => {
    expect(match(template, path)).toEqual(expected);
  });

  test.each([
    ['v1', 'must start with a slash'],
    ['/v1//x', `'' is not a segment`],
    ['/v1/{id', 'closing brace'],
    ['/v1/{9}', `'9' is not a field path`],
    ['/v1/{a=**}/b', 'must come last'],
    ['/v1/a b', 'is not a segment'],
    ['/v1/{id}:', 'is not a verb'],
  ])('%s is refused: %s', (template, reason) => {
    expect(() => parsePathTemplate(template)).toThrow(reason);
  });

  test('throws on an escape that is not UTF-8', () => {
    expect(() => match('/v1/{id}', '/v1/%C3%28')).toThrow(URIError);
    expect(() => match('/v1/{id}', '/v1/%zz')).toThrow(URIError);
  });

  test('gives back any text that was percent-encoded into one segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
        fc.pre(id.isWellFormed());
        expect(match('/v1/things/{id}', `/v1/things/${encodeURIComponent(id)}`)).toEqual({ id });
      }),
    );
  });

  test('has a shape that leaves field names out', () => {
    expect(shape(parsePathTemplate('/v1/{name=shelves/*}/b/{id}:go'))).toBe('/v1/shelves/*/b/*:go');
  });
});
