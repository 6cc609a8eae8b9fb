import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { programSources } from './code-of.ts';

const root = path.dirname(path.dirname(import.meta.dirname));

/** google.rpc.Code: these are documented by the gRPC specification. */
const rpcStatuses = new Set([
  'ABORTED',
  'ALREADY_EXISTS',
  'DATA_LOSS',
  'DEADLINE_EXCEEDED',
  'FAILED_PRECONDITION',
  'FAILED_PRECONDITION',
  'INTERNAL',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'OUT_OF_RANGE',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
  'UNIMPLEMENTED',
]);

function codesInSources(): readonly string[] {
  const found = programSources(['ts', 'mjs']).flatMap((file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    const thrown = source.matchAll(/Error\(\s*'([A-Z][A-Z_]{4,})'/g);
    const assigned = source.matchAll(/code(?:\s=|:)\s'([A-Z][A-Z_]{4,})'/g);
    return [...thrown, ...assigned].flatMap(([, code]) => code ?? []);
  });
  return [...new Set(found)].filter((code) => !rpcStatuses.has(code)).sort();
}

test('every error code of the program is listed in docs/errors.md, and no other', () => {
  const document = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
  const listed = [...document.matchAll(/^\| `([A-Z_]+)`/gm)].flatMap(([, code]) => code ?? []);
  expect([...listed].sort()).toEqual(codesInSources());
});
