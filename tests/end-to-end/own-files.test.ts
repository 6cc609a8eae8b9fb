import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cut, ownFiles, roundsOf } from './own-files.ts';
import type { OwnFile } from './own-files.ts';

const STATE = '.local/state/meridian/local';
const DATA = '.local/share/meridian/local';
const TLS = '0'.repeat(32);

describe('the files of a platform at rest', () => {
  let home: string;
  let files: readonly OwnFile[];

  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'meridian-files-'));
    for (const file of [
      `${STATE}/owner.json`,
      `${STATE}/pki/root.key`,
      `${STATE}/pulumi/history/local-1795713326620190317.json`,
      `${STATE}/pulumi/history/local-1795713326620190318.json`,
      ...['a', 'b'].flatMap((zone) => [
        `${STATE}/zones/${zone}/authority/chain.json`,
        `${STATE}/zones/${zone}/specs/web-${zone}-0.json`,
        `${STATE}/zones/${zone}/processes/web-${zone}-0/.tls-${TLS}/tls.key`,
        `${DATA}/${zone}/redis/users.acl`,
        `${DATA}/${zone}/postgres/cluster/PG_VERSION`,
      ]),
    ]) {
      mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
      writeFileSync(path.join(home, file), '0123456789');
    }
    const web = path.join(home, STATE, 'zones/a/processes/web-a-0');
    symlinkSync(`.tls-${TLS}`, path.join(web, 'tls'));
    files = ownFiles({ home, state: path.join(home, STATE) });
  });
  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  test('are of one kind in every zone, process and moment, and none of an engine', () => {
    expect([...new Set(files.map(({ kind }) => kind))].sort()).toEqual([
      'share/meridian/local/<zone>/<process>/users.acl',
      'state/meridian/local/owner.json',
      'state/meridian/local/pki/root.key',
      'state/meridian/local/pulumi/history/local-<number>.json',
      'state/meridian/local/zones/<zone>/authority/chain.json',
      'state/meridian/local/zones/<zone>/processes/<process>/tls/tls.key',
      'state/meridian/local/zones/<zone>/specs/<process>.json',
    ]);
    expect(files).toHaveLength(12);
  });

  test('are cut in rounds that have each kind once, and none that bears on another', () => {
    const rounds = roundsOf(files);
    const kinds = rounds.flat().map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual([...new Set(files.map(({ kind }) => kind))].sort());
    const together = (left: string, right: string): boolean =>
      rounds.some((round) =>
        [left, right].every((part) => round.some(({ kind }) => kind.includes(part))),
      );
    expect(together('root.key', 'chain.json')).toBe(false);
    expect(rounds.length).toBeLessThan(kinds.length);
  });

  test('are emptied, or keep their first half', () => {
    const [first, second] = files.map(({ path: file }) => file);
    cut(first ?? '', 'emptied');
    cut(second ?? '', 'cut in half');
    expect([first, second].map((file) => readFileSync(file ?? '', 'utf8'))).toEqual(['', '01234']);
  });
});
