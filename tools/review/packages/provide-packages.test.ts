import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { providePackages } from './provide-packages.ts';
import { LoopbackRegistry } from './testing/loopback-registry.ts';

let root: string;
const kept = process.env['npm_config_registry'];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-packages-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  if (kept === undefined) delete process.env['npm_config_registry'];
  else process.env['npm_config_registry'] = kept;
});

/** Writes a program; gives its folder. */
function program(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(root, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

describe('packages of a tree', () => {
  test("are the judge's where both have the same lockfile, and its own packages are the tree's", async () => {
    const judge = program('judge', {
      'package-lock.json': '{}',
      'node_modules/thing/index.js': 'thing',
      'services/own/index.js': "the judge's",
    });
    mkdirSync(path.join(judge, 'node_modules/@meridian'));
    symlinkSync('../../services/own', path.join(judge, 'node_modules/@meridian/own'));
    const tree = program('tree', {
      'package-lock.json': '{}',
      'services/own/index.js': "the tree's",
    });
    const own = path.join(tree, 'node_modules/@meridian/own/index.js');
    for (let times = 0; times < 2; times += 1) {
      expect(
        await providePackages({ folder: tree, commit: 'abc' }, judge, path.join(root, 'cache')),
      ).toBe(judge);
      expect(realpathSync(path.join(tree, 'node_modules/thing'))).toBe(
        path.join(judge, 'node_modules/thing'),
      );
      expect(readFileSync(own, 'utf8')).toBe("the tree's");
    }
    expect(readdirSync(root).toSorted()).toEqual(['judge', 'tree']);
  });

  test('are installed once for another lockfile, without any code of it and without its .npmrc', async () => {
    using registry = await LoopbackRegistry.start();
    process.env['npm_config_registry'] = registry.address;
    const marker = path.join(root, 'ran');
    const integrity = registry.publish('thing', {
      'package.json': JSON.stringify({
        ...{ name: 'thing', version: '1.0.0', main: 'index.js' },
        scripts: { preinstall: `touch ${marker}`, install: `touch ${marker}` },
      }),
      'index.js': 'module.exports = 1;\n',
    });
    const dependencies = { thing: '1.0.0' };
    const manifest = {
      name: 'program',
      version: '1.0.0',
      workspaces: ['services/*'],
      dependencies,
    };
    const tree = program('tree', {
      '.npmrc': 'registry=http://127.0.0.1:9/\nignore-scripts=false\n',
      'package.json': JSON.stringify({
        ...manifest,
        scripts: { preinstall: `touch ${marker}`, prepare: `touch ${marker}` },
      }),
      'services/own/package.json': '{"name": "@meridian/own", "version": "1.0.0"}',
      'package-lock.json': JSON.stringify({
        ...{ name: 'program', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: {
          '': manifest,
          'node_modules/@meridian/own': { resolved: 'services/own', link: true },
          'node_modules/thing': { version: '1.0.0', integrity, hasInstallScript: true },
          'services/own': { name: '@meridian/own', version: '1.0.0' },
        },
      }),
    });
    const judge = program('judge', { 'package-lock.json': '{}' });
    const cache = path.join(root, 'cache');
    const from = await providePackages({ folder: tree, commit: 'abc' }, judge, cache);
    expect(path.dirname(from)).toBe(path.join(cache, 'review/packages'));
    expect(readFileSync(path.join(tree, 'node_modules/thing/index.js'), 'utf8')).toContain('= 1');
    expect(realpathSync(path.join(tree, 'node_modules/@meridian/own'))).toBe(
      path.join(tree, 'services/own'),
    );
    expect(existsSync(marker)).toBe(false);
    const { length } = registry.asked;
    expect(length).toBeGreaterThan(0);
    expect(await providePackages({ folder: tree, commit: 'abc' }, judge, cache)).toBe(from);
    expect(registry.asked).toHaveLength(length);
  });

  test('are refused where the lockfile names what is not a package of the registry', async () => {
    const packages = { 'node_modules/a': { resolved: 'https://evil.example/a.tgz' } };
    const tree = program('tree', {
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }),
    });
    const judge = program('judge', { 'package-lock.json': '{}' });
    await expect(
      providePackages({ folder: tree, commit: 'abc' }, judge, path.join(root, 'cache')),
    ).rejects.toMatchObject({
      code: 'LOCKFILE_ENTRY_REFUSED',
    });
  });

  test('that do not go together are told with their revision, and leave nothing', async () => {
    using registry = await LoopbackRegistry.start();
    process.env['npm_config_registry'] = registry.address;
    registry.publish('thing', { 'package.json': '{"name": "thing", "version": "1.0.0"}' });
    const tree = program('tree', {
      'package.json': '{"name": "program", "version": "1.0.0", "dependencies": {"thing": "1.0.0"}}',
      'package-lock.json': JSON.stringify({
        ...{ name: 'program', version: '1.0.0', lockfileVersion: 3, requires: true },
        packages: { '': { name: 'program', version: '1.0.0' } },
      }),
    });
    const judge = program('judge', { 'package-lock.json': '{}' });
    const cache = path.join(root, 'cache');
    await expect(
      providePackages({ folder: tree, commit: 'abc' }, judge, cache),
    ).rejects.toMatchObject({
      code: 'PACKAGES_NOT_INSTALLED',
      message: expect.stringMatching(/^Packages of abc: must be .*'npm ci --ignore-scripts' ended/),
    });
    expect(readdirSync(path.join(cache, 'review/packages'))).toEqual([]);
  });
});
