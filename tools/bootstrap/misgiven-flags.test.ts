import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from './commands.mjs';
import { misgivenFlags, NAMES_OF_NPM } from './misgiven-flags.mjs';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-npm-'));
  const names = ['start', 'test', 'logs', 'seed', 'destroy'];
  const script = 'node -p "JSON.stringify(process.env)" --';
  const scripts = Object.fromEntries(names.map((name) => [name, script]));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The environment that npm gives to a script which it is asked to run. */
function underNpm(...args: readonly string[]): NodeJS.ProcessEnv {
  const ended = npm(...args);
  return JSON.parse(ended.slice(ended.lastIndexOf('\n{'))) as NodeJS.ProcessEnv;
}

function npm(...args: readonly string[]): string {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const { stdout, stderr } = spawnSync('npm', [...args], {
    cwd: folder,
    // Nobody's settings but those of this folder.
    env: { ...Object.fromEntries(inherited), HOME: folder },
    encoding: 'utf8',
  });
  return stdout === '' ? stderr : `\n${stdout}`;
}

describe('flags that npm takes for itself', () => {
  test('are all found, of whichever command they are, and in every form', () => {
    for (const { name, flags = [] } of commands) {
      for (const flag of flags) {
        const [, short, long = '', value] =
          /^(?:-(\w), )?--([\w-]+)(?: (<.+>)| \[.+\])?$/.exec(flag.flags) ?? [];
        // npm writes false as nothing.
        const [key, given] = long.startsWith('no-') ? [long.slice(3), ''] : [long, 'true'];
        const environment = {
          npm_lifecycle_event: 'x',
          [`npm_config_${key.replaceAll('-', '_')}`]: given,
        };
        const meant = value === undefined ? `--${long}` : `--${long} ${value}`;
        expect(misgivenFlags(environment, [name])).toContain(`npm run x -- ${meant} `);
        const shorthand = short === 'c' ? 'call' : 'force';
        if (short === undefined) continue;
        const shortened = { npm_lifecycle_event: 'x', [`npm_config_${shorthand}`]: 'true' };
        expect(misgivenFlags(shortened, [name])).toContain(`-- ${meant} `);
      }
    }
  });

  test.each([
    [['test', '--cluster'], 'test', 'npm test -- --cluster'],
    [['test', '--changed'], 'test', 'npm test -- --changed (or'],
    [['test', '--changed=HEAD~1'], 'test', "npm test -- --changed 'HEAD~1'"],
    [['start', '--json'], 'up', 'npm start -- --json'],
    [['start', '--no-telemetry'], 'up', 'npm start -- --no-telemetry'],
    [['start', '-c', 'edgePort=9443'], 'up', 'npm start -- --config edgePort=9443'],
    [['run', 'logs', 'catalog', '-f'], 'logs', 'npm run logs -- catalog --follow'],
    [['run', 'logs', 'catalog', '--lines', '5'], 'logs', 'npm run logs -- catalog --lines 5'],
    [['run', 'seed', '--products=5'], 'seed', 'npm run seed -- --products 5'],
    [['run', 'destroy', '--yes'], 'destroy', './meridian destroy --yes'],
    [['start', '--cluster'], 'up', 'npm took --cluster for itself'],
  ])('npm %j is told how to be written', (given, verb, told) => {
    // As npm calls it, with what it passes on: a word that is not a flag.
    const passedOn = given.filter((word) => /^(catalog|5)$/.test(word));
    expect(misgivenFlags(underNpm(...given), [verb, ...passedOn])).toContain(told);
  });

  test('are told with the words between them, a value of theirs, and what the script adds', () => {
    const seed = { npm_lifecycle_event: 'seed', npm_config_products: 'true' };
    expect(misgivenFlags(seed, ['seed', '5'])).toContain('npm run seed -- --products 5 (or');
    const long = { npm_lifecycle_event: 'test:long', npm_config_json: 'true' };
    const said = misgivenFlags({ ...long, npm_config_changed: 'true' }, ['test', '--long']);
    expect(said).toContain(
      'npm run test:long -- --changed (or without npm: ./meridian test --long --changed',
    );
  });

  test('are not those behind a double dash, nor what is set in a .npmrc', () => {
    expect(misgivenFlags(underNpm('start', '--', '--json'), ['up', '--json'])).toBeUndefined();
    expect(misgivenFlags(underNpm('start', '--yes'), ['up'])).toBeUndefined();
    writeFileSync(path.join(folder, '.npmrc'), 'json=true\nyes = true\n');
    expect(misgivenFlags(underNpm('start'), ['up'])).toBeUndefined();
    expect(misgivenFlags(underNpm('run', 'destroy'), ['destroy'])).toBeUndefined();
    rmSync(path.join(folder, '.npmrc'));
  });

  test('have names of npm where the list says so, and nowhere else', () => {
    const known = Object.keys(JSON.parse(npm('config', 'ls', '-l', '--json')) as object);
    const ours = commands.flatMap(({ flags = [] }) =>
      flags.map((flag) => /--([\w-]+)/.exec(flag.flags)?.[1] ?? ''),
    );
    const shared = new Set([...ours, 'call', 'force'].filter((name) => known.includes(name)));
    expect([...shared].toSorted()).toEqual(NAMES_OF_NPM.toSorted());
  });
});
