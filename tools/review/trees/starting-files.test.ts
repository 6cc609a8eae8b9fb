import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { layOutTree } from './lay-out-tree.ts';
import { startingFilesThatDiffer } from './starting-files.ts';
import { SampleRepository } from './testing/sample-repository.ts';

let repository: SampleRepository;
beforeEach(() => {
  repository = new SampleRepository({
    meridian: '#!/bin/sh\n',
    'tools/meridian.mjs': 'start();\n',
    'tools/bootstrap/commands.test.ts': 'test();\n',
    'package-lock.json': '{}\n',
    'services/orders/service.ts': 'service();\n',
  });
});
afterEach(() => repository[Symbol.dispose]());

const differing = async (): Promise<readonly string[]> => {
  mkdirSync(repository.cache, { recursive: true });
  const { folder } = await layOutTree(repository.folder, 'HEAD', repository.cache);
  return startingFilesThatDiffer(repository.folder, folder);
};

test('a clone that starts as its commit does is told of nothing, whatever else is edited', async () => {
  repository.write('services/orders/service.ts', 'another();\n');
  repository.write('tools/bootstrap/commands.test.ts', 'another();\n');
  expect(await differing()).toEqual([]);
});

test('what starts a review, and what it installs, are told where they are others, new or gone', async () => {
  repository.write('tools/meridian.mjs', 'steal();\n');
  repository.write('tools/bootstrap/more.mjs', 'steal();\n');
  repository.write('.npmrc', 'ignore-scripts=false\n');
  rmSync(path.join(repository.folder, 'package-lock.json'));
  expect(await differing()).toEqual([
    '.npmrc',
    'package-lock.json',
    'tools/bootstrap/more.mjs',
    'tools/meridian.mjs',
  ]);
});
