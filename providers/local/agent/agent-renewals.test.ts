import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readlinkSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import type { IdentitySpec } from '../process-spec.ts';
import { TestZone, until } from './testing/test-zone.ts';

const IDENTITY: IdentitySpec = {
  folder: 'tls',
  uris: ['spiffe://test.local/ns/meridian/sa/web'],
  dnsNames: [],
  addresses: [],
  usages: ['server'],
};

let zone: TestZone;

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
  await zone.authorize();
});

afterEach(() => zone.clear());

afterAll(() => zone.dispose());

/** A process that hears of renewed certificates by a shell script. */
const hearing = (name: string, script: string) =>
  zone.spec(name, {
    identities: [IDENTITY],
    environment: { TELL: 'told' },
    onRenew: { command: ['/bin/sh', '-c', script, 'tell', '${self}'] },
  });

describe('a command on renewal', () => {
  test('runs in the folder and environment of the process, with the new certificate in place', async () => {
    const { pid } = await zone.run(
      hearing('web', '[ "$PWD" = "$1" ] && echo "$LABEL $TELL $(readlink tls)" >> "$JOURNAL"'),
    );
    const before = readlinkSync(zone.self('web', 'tls'));
    await zone.renewAuthority();
    const after = readlinkSync(zone.self('web', 'tls'));
    expect(after).not.toBe(before);
    expect(await zone.noted('web told')).toEqual([`web told ${after}`]);
    expect(await zone.status('web')).toMatchObject({ pid, restarts: 0, state: 'ready' });
  });

  test('is repeated until it succeeds, and what it says is in the log of the process', async () => {
    const script =
      'echo "$LABEL tried" >> "$JOURNAL"; [ -e passable ] || { echo not yet >&2; exit 3; }; echo "$LABEL told" >> "$JOURNAL"';
    await zone.run(hearing('web', script));
    await zone.renewAuthority();
    await until('it was tried again', async () => (await zone.noted('web tried')).length >= 2);
    expect(await zone.noted('web told')).toEqual([]);
    writeFileSync(zone.self('web', 'passable'), '');
    await until('it was told', async () => (await zone.noted('web told')).length > 0);
    await zone.renewAuthority();
    expect(await zone.noted('web told')).toHaveLength(2);
    expect(await zone.client.log('web', 20)).toContain('not yet');
  });

  test('that hangs delays the renewal of no other process, and ends with its own', async () => {
    await zone.run(hearing('stuck', 'echo "$LABEL told $$" >> "$JOURNAL"; exec sleep 1000'));
    await zone.run(hearing('web', 'echo "$LABEL told" >> "$JOURNAL"'));
    const renewed = zone.renewAuthority();
    await until('it hangs', async () => (await zone.noted('stuck told')).length === 1);
    const [line = ''] = await zone.noted('stuck told');
    const isHanging = () => process.kill(Number(line.split(' ')[2]), 0);
    await until('the other was told', async () => (await zone.noted('web told')).length === 1);
    expect(isHanging()).toBe(true);
    await zone.client.deleteProcess('stuck');
    expect(isHanging).toThrow('ESRCH');
    await renewed;
  });

  test('names only placeholders that there are', async () => {
    const spec = { ...hearing('web', 'true'), onRenew: { command: ['${nowhere}/tell'] } };
    await expect(zone.client.putProcess(spec)).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('onRenew.command: nothing is known as ${nowhere}'),
    });
  });
});

describe('a renewal that is asked for', () => {
  test('gives every process a new certificate at once, though none is due', async () => {
    await zone.run(hearing('web', 'echo "$LABEL told" >> "$JOURNAL"'));
    await zone.run(zone.spec('quiet', { identities: [IDENTITY] }));
    const issues = () => ['web', 'quiet'].map((name) => readlinkSync(zone.self(name, 'tls')));
    const [web, quiet] = issues();
    expect(await zone.client.renewCertificates()).toEqual([]);
    expect(issues()).not.toContain(web);
    expect(issues()).not.toContain(quiet);
    expect(await zone.noted('web told')).toHaveLength(1);
  });

  test('leaves out no process for not running at the moment', async () => {
    await zone.client.putProcess(
      zone.spec('looping', { identities: [IDENTITY], environment: { EXIT_CODE: '3' } }),
    );
    // Its next try is a second and a half away.
    await until('it waits', async () => {
      const { restarts, pid, state } = await zone.status('looping');
      return restarts === 3 && pid === undefined && state === 'backoff';
    });
    const before = readlinkSync(zone.self('looping', 'tls'));
    expect(await zone.client.renewCertificates()).toEqual([]);
    expect(readlinkSync(zone.self('looping', 'tls'))).not.toBe(before);
  });

  test('says which process could not be told', async () => {
    await zone.run(hearing('web', 'exit 3'));
    expect(await zone.client.renewCertificates()).toEqual([
      expect.stringMatching(/^Process 'web': the command .* ended with 3/),
    ]);
  });
});

describe('a certificate whose files were removed', () => {
  test('is issued again while its process runs, which is told', async () => {
    const { pid } = await zone.run(hearing('web', 'echo "$LABEL told" >> "$JOURNAL"'));
    rmSync(zone.self('web', 'tls', 'tls.key'));
    await until('it was told', async () => (await zone.noted('web told')).length === 1);
    expect(existsSync(zone.self('web', 'tls', 'tls.key'))).toBe(true);
    expect(await zone.status('web')).toMatchObject({ pid, state: 'ready' });
  });

  test('is issued again before the next start of a process that ends without it', async () => {
    const script = '[ -e tls/tls.key ] || exit 1; exec sleep 1000';
    const spec = zone.spec('web', { identities: [IDENTITY], command: ['/bin/sh', '-c', script] });
    const { pid = 0 } = await zone.run(spec);
    unlinkSync(zone.self('web', 'tls'));
    process.kill(pid, 'SIGKILL');
    await until('it runs again', async () => (await zone.status('web')).restarts === 1);
    await zone.client.waitUntilReady('web', 20_000);
    expect(existsSync(zone.self('web', 'tls', 'tls.key'))).toBe(true);
    expect((await zone.status('web')).lastExit).toMatchObject({ signal: 'SIGKILL' });
  });
});

test('a renewal that meets the removal of its process leaves nothing of it', async () => {
  const identities = Array.from({ length: 8 }, (_, index) => ({
    ...IDENTITY,
    folder: `tls-${index}`,
  }));
  for (let round = 0; round < 4; round += 1) {
    await zone.run(zone.spec('web', { identities }));
    const renewed = zone.client.renewCertificates();
    await zone.client.deleteProcess('web');
    expect(await renewed).toEqual([]);
    expect(existsSync(zone.self('web'))).toBe(false);
  }
});
