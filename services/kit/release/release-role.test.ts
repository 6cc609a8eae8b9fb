import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseConfiguration } from '../configuration.ts';
import { LiveFile } from '../live-file.ts';
import { createLogger } from '../telemetry/logger.ts';
import { eventually } from '../testing/eventually.ts';
import { ReleaseRole } from './release-role.ts';

const configuration = parseConfiguration(
  JSON.stringify({
    service: 'echo',
    version: '0.1.0',
    instance: 'echo-0',
    zone: 'a',
    environment: 'test',
    namespace: 'meridian',
    spiffeId: 'spiffe://meridian.local/ns/meridian/sa/echo',
    identityFolder: 'tls',
  }),
  'service.json',
);

describe('ReleaseRole', () => {
  let folder: string;
  let role: ReleaseRole | undefined;
  const started: string[] = [];
  const log = createLogger(configuration, { write: () => undefined });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'meridian-role-'));
    started.length = 0;
  });
  afterEach(() => {
    role?.close();
    rmSync(folder, { recursive: true });
  });

  const say = (text: string): void => writeFileSync(join(folder, 'role'), text);

  function open(): ReleaseRole {
    role = ReleaseRole.open(join(folder, 'role'), log);
    role.whenActive(() => started.push('relay'));
    role.whenActive(() => started.push('consumer'));
    return role;
  }

  test('is active where nobody gives a role', () => {
    expect(open().isActive).toBe(true);
    expect(started).toEqual(['relay', 'consumer']);
  });

  test('is active at once where it is given', () => {
    say('active');
    open();
    expect(started).toEqual(['relay', 'consumer']);
  });

  test('waits as a preview, and starts everything once when it is promoted', async () => {
    say('preview');
    const opened = open();
    expect(opened.isActive).toBe(false);
    expect(started).toEqual([]);
    say('active');
    await eventually(() => expect(opened.isActive).toBe(true));
    expect(started).toEqual(['relay', 'consumer']);
    opened.whenActive(() => started.push('late'));
    expect(started).toEqual(['relay', 'consumer', 'late']);
  });

  test.each(['', 'Active', 'stable'])('waits where the role is %j', (text) => {
    say(text);
    expect(open().isActive).toBe(false);
    expect(started).toEqual([]);
  });

  test('stays active when the role is taken away, as from the pods of the release before', async () => {
    say('preview');
    const opened = open();
    say('active');
    await eventually(() => expect(opened.isActive).toBe(true));
    const seen: string[] = [];
    const watched = new LiveFile(join(folder, 'role'), {
      initial: '',
      parse: (text) => text ?? 'none',
      changed: (text) => seen.push(text),
      failed: () => undefined,
    });
    say('');
    await eventually(() => expect(seen).toEqual(['']));
    watched.close();
    expect(opened.isActive).toBe(true);
  });

  test('starts nothing after the process has begun to leave', async () => {
    say('preview');
    const opened = open();
    opened.close();
    const other = ReleaseRole.open(join(folder, 'role'), log);
    say('active');
    await eventually(() => expect(other.isActive).toBe(true));
    other.close();
    expect(started).toEqual([]);
  });
});
