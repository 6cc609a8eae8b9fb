import { expect, test } from '@jest/globals';
import { asSecret } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { valueAt } from './value-at.ts';

const secret = asSecret({ uri: 'marker' });

test.each([
  ['spec.ports[0].port', 443],
  ['data["a.b"]', 'c'],
  ['data.none.of.it', undefined],
  ['secret', secret],
  ['secret.uri', secret],
])('at %s is what is there, or the secret around it', (property, expected) => {
  const value = { spec: { ports: [{ port: 443 }] }, data: { 'a.b': 'c' }, secret };
  expect(valueAt(value, property)).toEqual(expected);
});
