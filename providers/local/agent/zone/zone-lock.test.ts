import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockHolder } from './zone-lock.ts';

const MODULE = join(import.meta.dirname, 'zone-lock.ts');

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync('/tmp/mzl-');
  children = [];
});

afterEach(() => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true });
});

/** A process that runs the script and prints the numbers of the locks that it got. */
async function racer(script: string): Promise<readonly number[]> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(data.toString()) as readonly number[];
}

/** A process that tries to take the lock, says how that went, and stays. */
function contender(): { readonly child: ChildProcess; readonly answer: Promise<string> } {
  const script = `import { takeZoneLock } from '${MODULE}';
    try { takeZoneLock('${folder}', 't'); console.log('taken'); } catch (e) { console.log(e.code); }
    setInterval(() => {}, 60000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const answer = once(child.stdout, 'data').then(([data]) => String(data).trim());
  return { child, answer };
}

test('of many who come at once over a dead holder, one gets the lock, round after round', async () => {
  for (let round = 0; round < 3; round += 1) {
    const all = Array.from({ length: 4 }, contender);
    const answers = await Promise.all(all.map(({ answer }) => answer));
    expect(answers.sort()).toEqual([...Array<string>(3).fill('ZONE_LOCKED'), 'taken']);
    expect(lockHolder(folder)).toBeDefined();
    for (const { child } of all) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    expect(lockHolder(folder)).toBeUndefined();
  }
  expect(readdirSync(folder)).toHaveLength(1);
}, 60_000);

test('two who race for hundreds of locks never both get one', async () => {
  const locks = 400;
  const startAt = Date.now() + 1500;
  const script = `import { takeZoneLock } from '${MODULE}';
    const taken = [];
    while (Date.now() < ${startAt}) {}
    for (let lock = 0; lock < ${locks}; lock += 1) {
      try { takeZoneLock('${folder}/' + lock, 't'); taken.push(lock); } catch (e) { if (e.code !== 'ZONE_LOCKED') throw e; }
    }
    console.log(JSON.stringify(taken));
    setInterval(() => {}, 60000);`;
  const dead = JSON.stringify({ pid: 1, startTime: 'never', bootId: 'another' });
  for (let lock = 0; lock < locks; lock += 1) {
    mkdirSync(join(folder, String(lock)));
    writeFileSync(join(folder, String(lock), '1.json'), dead);
  }
  const taken = await Promise.all([racer(script), racer(script)]);
  const all = taken.flat().sort((left, right) => left - right);
  expect(all).toEqual(Array.from({ length: locks }, (_, lock) => lock));
}, 60_000);

test('nobody holds a lock that was never taken', () => {
  expect(lockHolder(join(folder, 'never'))).toBeUndefined();
});

test.each(['', '{"pid":1,"start'])(
  "a lock that a power cut tore to %j is nobody's",
  async (text) => {
    writeFileSync(join(folder, '7.json'), text);
    expect(lockHolder(folder)).toBeUndefined();
    expect(await contender().answer).toBe('taken');
    expect(readdirSync(folder)).toEqual(['8.json']);
  },
);

test('what a starter that was killed has left is removed by the next one', async () => {
  writeFileSync(join(folder, '.1-999999999999.tmp'), '');
  expect(await contender().answer).toBe('taken');
  expect(readdirSync(folder)).toEqual(['1.json']);
});
