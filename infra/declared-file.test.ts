import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { landed } from '@meridian/components/model/landed.ts';
import { STAGING_TRUST_DOMAIN, STAGING_ZONES } from '../stacks/staging.ts';
import { DECLARED_FILE_VARIABLE, writeDeclared } from './declared-file.ts';
import type { DeclaredPlatform } from './declared-file.ts';
import { declared, platform } from './platform-graph.ts';

const programFolder = path.dirname(import.meta.dirname);
const graph = landed(platform({ trustDomain: STAGING_TRUST_DOMAIN, zones: STAGING_ZONES }));
const parts = { graph, declared, stack: 'staging', programFolder };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-declared-'));
});
afterEach(() => {
  Reflect.deleteProperty(process.env, DECLARED_FILE_VARIABLE);
  rmSync(folder, { recursive: true });
});

function written(): DeclaredPlatform {
  const file = path.join(folder, 'declared.json');
  process.env[DECLARED_FILE_VARIABLE] = file;
  writeDeclared(parts);
  return JSON.parse(readFileSync(file, 'utf8')) as DeclaredPlatform;
}

describe('the file of what is declared', () => {
  test('has the landed graph and the whole one', () => {
    expect(written().graph).toEqual(graph);
    expect(written().graph.declared.services.length).toBeGreaterThan(0);
  });

  test('has a position of everything that has a name, and each file is there', () => {
    const { positions } = written();
    const { services, tasks, topics, externals } = graph.declared;
    const named = [
      'stack staging',
      ...services.map(({ name }) => `service ${name}`),
      ...services.flatMap(({ stores }) => stores.map(({ binding }) => `store ${binding}`)),
      ...tasks.map(({ name }) => `task ${name}`),
      ...topics.map(({ name }) => `topic ${name}`),
      ...externals.map(({ name }) => `external ${name}`),
    ];
    expect(Object.keys(positions).toSorted()).toEqual(named.toSorted());
    for (const { file, line } of Object.values(positions)) {
      const text = readFileSync(path.join(programFolder, file), 'utf8').split('\n')[line - 1];
      expect(text).toBeDefined();
    }
    expect(positions['service catalog']?.file).toBe('services/catalog/service.ts');
  });

  test('is written for nobody who does not ask for it', () => {
    process.env[DECLARED_FILE_VARIABLE] = '';
    writeDeclared(parts);
    Reflect.deleteProperty(process.env, DECLARED_FILE_VARIABLE);
    writeDeclared(parts);
    expect(existsSync(path.join(folder, 'declared.json'))).toBe(false);
  });
});
