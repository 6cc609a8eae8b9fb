import { describe, expect, test } from '@jest/globals';
import { negotiate, refuseContentType, refusesIdentity } from './negotiation.ts';

describe('negotiate', () => {
  test.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['APPLICATION/JSON', 'application/json'],
    ['text/html', 'text/html'],
    ['text/html, application/json;q=0.9', 'text/html'],
    ['text/html;q=0.5, application/json', 'application/json'],
    ['application/json;q=0, */*', 'text/html'],
    ['application/json;q=0', undefined],
    ['image/png', undefined],
    ['json', undefined],
    ['*/json', undefined],
    ['application/json;q=2', undefined],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
  ])('answers Accept %j with %j', (accept, expected) => {
    expect(negotiate(accept, ['application/json', 'text/html'])).toBe(expected);
  });
});

describe('refusesIdentity', () => {
  test.each([
    undefined,
    '',
    'gzip, br',
    'gzip;q=0',
    'identity;q=0.5, *;q=0',
    '*',
    '*;q=0, identity',
  ])('no: %j', (header) => {
    expect(refusesIdentity(header)).toBe(false);
  });
  test.each([
    'identity;q=0',
    'gzip, *;q=0',
    'gzip;q=1.0, Identity ; Q=0.000',
    '*;q=1, identity;q=0.',
  ])('yes: %j', (header) => {
    expect(refusesIdentity(header)).toBe(true);
  });
});

describe('refuseContentType', () => {
  test.each([
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/json;charset="utf-8"',
  ])('takes %s', (contentType) => {
    expect(refuseContentType(contentType)).toBeUndefined();
  });
  test.each([
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'application/json; charset=latin1',
    'application/json; boundary=x',
    'application/merge-patch+json',
  ])('refuses %s', (contentType) => {
    expect(refuseContentType(contentType)).toMatch(/content-type/);
  });
});
