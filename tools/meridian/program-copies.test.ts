import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ProgramCopies } from './program-copies.ts';

let root: string;
let clone: string;
let folder: string;
let copies: ProgramCopies;
let said: string[];
let running: ChildProcess | undefined;

const write = (file: string, text: string, mode = 0o644): void => {
  mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
  writeFileSync(path.join(clone, file), text);
  chmodSync(path.join(clone, file), mode);
};
const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@test.example'];
  execFileSync('git', ['-C', clone, ...identity, ...args], { stdio: 'ignore' });
};
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const inside = (name: string): string => path.join(folder, name);
const filesOf = (copy: string): readonly string[] =>
  readdirSync(copy, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(copy, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules/'))
    .sort();

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-copies-'));
  clone = path.join(root, "a clone's müller");
  folder = path.join(root, 'copies');
  said = [];
  copies = new ProgramCopies({ folder, asOwner: [], report: (line) => said.push(line) });
  mkdirSync(clone, { mode: 0o700 });
  write('package.json', '{}');
  write('.gitignore', 'node_modules\n*.secret\n');
  write('tools/run.ts', 'one', 0o755);
  write('services/kit/main.ts', 'kit');
  symlinkSync('run.ts', path.join(clone, 'tools/link.ts'));
  write('node_modules/.package-lock.json', '{}');
  write('node_modules/.meridian-installed', 'digest');
  write('node_modules/pg/index.js', 'pg');
  mkdirSync(path.join(clone, 'node_modules/@meridian'));
  symlinkSync('../../services/kit', path.join(clone, 'node_modules/@meridian/kit'));
  // Another version than the one of all.
  write('services/kit/node_modules/pg/index.js', 'pg of the kit');
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
});
afterEach(async () => {
  if (running !== undefined) {
    running.kill('SIGKILL');
    await once(running, 'exit');
    running = undefined;
  }
  rmSync(root, { recursive: true, force: true });
});

/** Runs something from a copy, as an agent does. */
async function runFrom(copy: string): Promise<void> {
  running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', `${copy}/main.ts`], {
    stdio: 'ignore',
  });
  await once(running, 'spawn');
}

describe('the copy of a private clone', () => {
  test('is open to nobody but its owner and group, and holds the program as it is now', async () => {
    write('tools/run.ts', 'changed and not committed', 0o755);
    write('tools/new.ts', 'not added yet');
    rmSync(path.join(clone, 'services/kit/main.ts'));
    const copy = await copies.make(clone);
    expect(filesOf(copy)).toEqual(['.gitignore', 'package.json', 'tools/new.ts', 'tools/run.ts']);
    expect(readFileSync(path.join(copy, 'tools/link.ts'), 'utf8')).toBe(
      'changed and not committed',
    );
    for (const each of [folder, copy, path.join(copy, 'tools'), path.join(copy, 'tools/run.ts')]) {
      expect([each, modeOf(each)]).toEqual([each, '750']);
    }
    expect(modeOf(path.join(copy, 'tools/new.ts'))).toBe('640');
  });

  test('has packages that all copies share, and packages of the program that are its own', async () => {
    const copy = await copies.make(clone);
    expect(readFileSync(path.join(copy, 'node_modules/pg/index.js'), 'utf8')).toBe('pg');
    expect(readFileSync(path.join(copy, 'node_modules/@meridian/kit/main.ts'), 'utf8')).toBe('kit');
    const nested = path.join(copy, 'services/kit/node_modules/pg/index.js');
    expect(readFileSync(nested, 'utf8')).toBe('pg of the kit');
    write('services/kit/main.ts', 'another kit');
    const next = await copies.make(clone);
    expect(readFileSync(path.join(next, 'node_modules/@meridian/kit/main.ts'), 'utf8')).toBe(
      'another kit',
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('packages-'))).toHaveLength(1);
    expect(modeOf(path.join(copy, 'node_modules/pg/index.js'))).toBe('640');
  });

  test('leaves out what git ignores, what is hidden and what is its owner alone, and says so', async () => {
    write('.env', 'PASSWORD=1', 0o644);
    write('services/catalog/.env', 'PASSWORD=2', 0o600);
    write('password.txt', '3', 0o600);
    write('mine/4.txt', '4');
    chmodSync(path.join(clone, 'mine'), 0o700);
    write('token.secret', '5');
    const copy = await copies.make(clone);
    expect(filesOf(copy)).toEqual([
      '.gitignore',
      'package.json',
      'services/kit/main.ts',
      'tools/run.ts',
    ]);
    expect(said.join('\n')).toContain('.env, mine/4.txt, password.txt, services/catalog/.env');
  });

  test('of a clone that is its owner alone as a whole has its new sources, of mode 600', async () => {
    execFileSync('chmod', ['-R', 'go-rwx', clone]);
    write('tools/new.ts', 'not added yet', 0o600);
    write('.env', 'PASSWORD=1', 0o600);
    const copy = await copies.make(clone);
    expect(filesOf(copy)).toContain('tools/new.ts');
    expect(filesOf(copy)).not.toContain('.env');
    expect(modeOf(path.join(copy, 'tools/new.ts'))).toBe('600');
  });

  test('can be made where git knows nothing; hidden and private files stay where they are', async () => {
    rmSync(path.join(clone, '.git'), { recursive: true });
    write('.env', 'PASSWORD=1', 0o644);
    write('password.txt', '3', 0o600);
    write('npm-debug.log', 'all');
    const copy = await copies.make(clone);
    expect(filesOf(copy)).toEqual([
      '.gitignore',
      'package.json',
      'services/kit/main.ts',
      'tools/run.ts',
    ]);
  });

  test('is never changed: another content is another copy', async () => {
    const copy = await copies.make(clone);
    expect(await copies.make(clone)).toBe(copy);
    write('tools/run.ts', 'two', 0o755);
    const next = await copies.make(clone);
    expect(next).not.toBe(copy);
    expect(readFileSync(path.join(copy, 'tools/run.ts'), 'utf8')).toBe('one');
    expect(readFileSync(path.join(next, 'tools/run.ts'), 'utf8')).toBe('two');
  });

  test('that could not be made is said with a code, and nothing of it is left', async () => {
    mkdirSync(folder);
    copies = new ProgramCopies({
      folder,
      asOwner: ['env', 'PATH=/nowhere'],
      report: () => undefined,
    });
    await expect(copies.make(clone)).rejects.toMatchObject({ code: 'PROGRAM_COPY_FAILED' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('copies', () => {
  test('are removed when nothing runs from them, with packages that none needs', async () => {
    const first = await copies.make(clone);
    write('tools/run.ts', 'two', 0o755);
    write('node_modules/.package-lock.json', '{"another": 1}');
    const second = await copies.make(clone);
    symlinkSync(path.basename(second), inside('current'));
    expect(copies.current()).toBe(second);
    mkdirSync(inside('interrupted.partial'));
    await runFrom(first);

    copies.removeUnused({ keepCurrent: true });
    expect([existsSync(first), existsSync(second)]).toEqual([true, true]);
    expect(readdirSync(folder)).toHaveLength(5);

    running?.kill('SIGKILL');
    if (running !== undefined) await once(running, 'exit');
    running = undefined;
    copies.removeUnused({ keepCurrent: true });
    expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(existsSync(path.join(second, 'node_modules/pg/index.js'))).toBe(true);

    copies.removeUnused({ keepCurrent: false });
    expect(readdirSync(folder)).toEqual([]);
    expect(copies.current()).toBeUndefined();
  });
});
