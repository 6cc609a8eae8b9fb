import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { CLOUD_TYPES } from './cloud-types.ts';
import { cloudSchemas, CLOUD_SCHEMAS_FOLDER } from './generate.ts';

const root = path.join(import.meta.dirname, '../../..');

test('what a rehearsal knows of clouds is what the installed packages declare', () => {
  const texts = cloudSchemas();
  expect(Object.keys(texts)).toEqual(['aws.json', 'cloudflare.json', 'random.json']);
  for (const [file, text] of Object.entries(texts)) {
    const kept = readFileSync(path.join(root, CLOUD_SCHEMAS_FOLDER, file), 'utf8');
    // Nobody reads a difference of texts of this length: 'npm run generate:clouds' writes it.
    expect([file, kept === text]).toEqual([file, true]);
  }
});

/** What modules are called that a landing names a class by. */
const CLASS = /\bnew ((?:[a-z][A-Za-z0-9]*\.)*[A-Z][A-Za-z0-9]*)\(/g;
const IMPORT = /import \{([^}]+)\} from '@pulumi\/(aws|cloudflare|random)'/g;

test('every resource that a landing makes in a cloud is of a type that is known', () => {
  const missing = globSync('components/**/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const origins = new Map(
      [...text.matchAll(IMPORT)].flatMap(([, names = '', name = '']) =>
        names.split(',').map((one) => [one.trim().replace(/^type /, ''), name] as const),
      ),
    );
    return [...text.matchAll(CLASS)].flatMap(([, className = '']) => {
      const origin = origins.get(className.split('.')[0] ?? '');
      const known = CLOUD_TYPES[origin ?? ''] ?? [];
      return origin === undefined || known.includes(className) ? [] : [`${file}: ${className}`];
    });
  });
  expect(missing).toEqual([]);
});
