import { describe, expect, test } from '@jest/globals';
import { valueTree } from './value-tree.ts';

const nothing = { values: {}, dependencies: [], templates: [] };

describe('the values that a chart reads', () => {
  test('are those of its values.yaml, and below an empty one anything', () => {
    const values = { controller: { replicas: 1, args: [], labels: {} }, nodeSelector: { os: 'x' } };
    expect(valueTree({ ...nothing, values })).toEqual({
      controller: { args: true, labels: true, replicas: true },
      nodeSelector: true,
    });
  });

  test('are those too that only its templates name', () => {
    const templates = ['{{ .Values.controller.priorityClassName }} {{- with $.Values.extra }}'];
    expect(valueTree({ ...nothing, values: { controller: { replicas: 1 } }, templates })).toEqual({
      controller: { priorityClassName: true, replicas: true },
      extra: true,
    });
  });

  test('are those of its schema alone where that refuses all others, by its references', () => {
    const schema = {
      $ref: '#/$defs/values',
      $defs: {
        values: {
          additionalProperties: false,
          properties: { image: { $ref: '#/$defs/image' }, labels: { type: 'object' } },
        },
        image: { properties: { tag: { type: 'string' } } },
      },
    };
    expect(valueTree({ ...nothing, values: { other: 1 }, schema })).toEqual({
      image: { tag: true },
      labels: true,
    });
  });

  test('are those of a schema beside others where it lets others through', () => {
    const schema = { properties: { image: { properties: { tag: { type: 'string' } } } } };
    expect(valueTree({ ...nothing, values: { image: { name: 'a' }, other: 1 }, schema })).toEqual({
      image: { name: true, tag: true },
      other: true,
    });
  });

  test('are anything for a chart that it brings', () => {
    expect(valueTree({ ...nothing, values: { crds: 1 }, dependencies: ['sub'] })).toEqual({
      crds: true,
      sub: true,
    });
  });
});
