import { expect, test } from '@jest/globals';
import { replacingProperties } from './replacing-properties.ts';

test('what replaces a resource is what its provider or its program says', () => {
  const step = {
    op: 'replace',
    urn: 'urn:pulumi:a::b::c:d:E::f',
    type: 'c:d:E',
    keys: ['data.b', 'data.a'],
    detailedDiff: {
      'data.a': { diffKind: 'update-replace', inputDiff: true },
      'spec.bootstrap': { diffKind: 'add-replace', inputDiff: true },
      'spec.size': { diffKind: 'update', inputDiff: true },
    },
  };
  expect(replacingProperties(step)).toEqual(['data.a', 'data.b', 'spec.bootstrap']);
  expect(replacingProperties({ ...step, keys: null })).toEqual(['data.a', 'spec.bootstrap']);
  expect(replacingProperties({ ...step, op: 'update' })).toEqual([]);
});
