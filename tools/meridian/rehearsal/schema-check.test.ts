import { expect, test } from '@jest/globals';
import { checkSchemas } from './schema-check.ts';

const budget = (spec: object): never =>
  ({
    steps: [
      {
        manifests: [
          {
            apiVersion: 'policy/v1',
            kind: 'PodDisruptionBudget',
            metadata: { name: 'books', namespace: 'library' },
            spec,
          },
        ],
      },
    ],
  }) as never;

test('what a schema allows is rendered', () => {
  expect(() => checkSchemas({ services: budget({ minAvailable: 1 }) })).not.toThrow();
});

test('a misspelt field of an object is named, with those that there are', () => {
  expect(() => checkSchemas({ services: budget({ minAvailble: 1 }) })).toThrow(
    "Object 'PodDisruptionBudget books': spec.minAvailble: is not a property here; there are maxUnavailable, minAvailable",
  );
});
