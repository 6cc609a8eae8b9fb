import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importDeclarations } from './import-declarations.ts';

let root = '';

const declare = (service: string, ...lines: readonly string[]): void => {
  const folder = path.join(root, 'services', service);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'service.ts'), lines.join('\n'));
};

/** What JavaScript says in a cycle of imports. */
const load = (): Promise<never> =>
  Promise.reject(new ReferenceError("Cannot access 'shelf' before initialization"));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-declarations-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('importDeclarations', () => {
  test('tells of a cycle of calls what the validation of the graph would', async () => {
    declare('shelf', "import { archive } from '@meridian/archive/service.ts';");
    declare('door', "import { shelf } from '@meridian/shelf/service.ts';");
    declare('archive', 'import {', '  shelf,', "} from '@meridian/shelf/service.ts';");
    await expect(importDeclarations(load, root)).rejects.toMatchObject({
      code: 'GRAPH_INVALID',
      message:
        "Service 'archive': synchronous calls must not form a cycle, got archive → shelf → archive; turn one of these calls into an event, or remove it, in services/archive/service.ts or services/shelf/service.ts",
    });
  });

  test('leaves what has another reason as it is', async () => {
    declare('shelf', "import type { archive } from '@meridian/archive/service.ts';");
    declare('archive', "import { shelf } from '@meridian/shelf/service.ts';");
    await expect(importDeclarations(load, root)).rejects.toThrow(ReferenceError);
    const other = () => Promise.reject(new SyntaxError('Unexpected token'));
    await expect(importDeclarations(other, root)).rejects.toThrow(SyntaxError);
  });

  test('gives what it loads', async () => {
    expect(await importDeclarations(() => Promise.resolve(1), root)).toBe(1);
  });
});
