import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SCHEMAS_FOLDER, TYPES_FOLDER, typesOfSchemas } from './generate.ts';
import { manifestTypes } from './manifest-types.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** A file of schemas with one kind. */
const fileWith = (apiVersion: string, kind: string, properties: object, definitions = {}) => ({
  source: `module of ${kind}`,
  kinds: {
    [`${apiVersion}/${kind}`]: {
      type: 'object',
      properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...properties },
      additionalProperties: false,
    },
  },
  definitions,
});

describe('the types of manifests', () => {
  test('are what their generator makes of the schemas, byte by byte', () => {
    const made = typesOfSchemas(path.join(root, SCHEMAS_FOLDER));
    const folder = path.join(root, TYPES_FOLDER);
    expect(globSync('*', { cwd: folder }).toSorted()).toEqual(Object.keys(made).toSorted());
    for (const [file, text] of Object.entries(made)) {
      // Not by `toEqual`, which would print all of both.
      expect([file, readFileSync(path.join(folder, file), 'utf8') === text]).toEqual([file, true]);
    }
  });

  test('have every kind that there is a schema of', () => {
    const index = path.join(root, SCHEMAS_FOLDER, 'index.json');
    const kinds = Object.keys(JSON.parse(readFileSync(index, 'utf8')) as object);
    const text = readFileSync(path.join(root, TYPES_FOLDER, 'index.ts'), 'utf8');
    const typed = [...text.matchAll(/^ {2}\| (\w+)/gm)].map(([, kind]) => kind);
    expect(typed.toSorted()).toEqual(
      [...new Set(kinds.map((kind) => kind.split('/').at(-1)))].toSorted(),
    );
  });

  test('are of the stable version of a kind, however many are served', () => {
    const [old, stable] = ['sample.example/v1beta1', 'sample.example/v1'].map((apiVersion) =>
      fileWith(apiVersion, 'Sample', {}),
    );
    const kinds = { ...old?.kinds, ...stable?.kinds };
    const text = manifestTypes({ sample: { source: '', kinds, definitions: {} } })['sample.ts'];
    expect(text).toContain("readonly apiVersion: 'sample.example/v1';");
    expect(text).not.toContain('v1beta1');
  });

  test('say what of an object has to be there, and which values a property may have', () => {
    const spec = {
      type: 'object',
      required: ['mode'],
      additionalProperties: false,
      properties: {
        mode: { type: 'string', enum: ['On', 'Off'] },
        'max-count': { type: ['integer', 'string'] },
        open: { type: 'object' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        none: { type: 'object', additionalProperties: false },
        choices: { type: 'array', items: { type: ['boolean', 'null'] } },
        shared: { $ref: 'sample.json#/definitions/affinity-0a1b2c3d' },
        claim: { $ref: 'kubernetes.json#/definitions/io.k8s.api.core.v1.PodSpec' },
      },
    };
    const definitions = { 'affinity-0a1b2c3d': { type: 'number' } };
    const sample = fileWith('sample.example/v1', 'Sample', { spec }, definitions);
    expect(manifestTypes({ sample })['sample.ts']).toBe(
      `// Generated from module of Sample by \`npm run generate:schemas\`.

import type { NamedMeta, PodSpec } from './kubernetes.ts';

type Affinity0a1b2c3d = number;

export type Sample = {
  readonly apiVersion: 'sample.example/v1';
  readonly kind: 'Sample';
  readonly metadata: NamedMeta;
  readonly spec: {
    readonly mode: 'On' | 'Off';
    readonly 'max-count'?: number | string;
    readonly open?: Readonly<Record<string, unknown>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly none?: Readonly<Record<string, never>>;
    readonly choices?: readonly (boolean | null)[];
    readonly shared?: Affinity0a1b2c3d;
    readonly claim?: PodSpec;
  };
};
`,
    );
  });
});
