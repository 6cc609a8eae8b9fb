import {
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { TELEMETRY_ENGINES } from '@meridian/components/observability/local-places.ts';
import { until, TestZone } from '@meridian/provider-local/agent/testing/test-zone.ts';
import { signalProcess, startTimeOf } from '@meridian/provider-local/machine/process-table.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { telemetryCommand } from '../engines/telemetry-programs.ts';
import { LastStart, programDigest } from './last-start.ts';
import { programFolder } from './places.ts';
import { zoneStatuses } from './zones.ts';

jest.setTimeout(60_000);

const SETTINGS = { 'meridian:edgePort': '9443' };
const TOLD = { resources: 3, outputs: { edgeUrl: 'https://localhost:9443', rootCertificate: 'r' } };

let zone: TestZone;
let web: ProcessSpec;
let last: LastStart;

const stateFile = (name: string): string => path.join(zone.folders.state, name);
const programFile = (name: string): string => path.join(zone.folders.program, name);

function write(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function keep(): Promise<void> {
  const program = programDigest(zone.folders);
  await last.keep(program, SETTINGS, await zoneStatuses(zone.folders), TOLD);
}

async function unchanged(settings = SETTINGS): Promise<boolean> {
  return (await last.unchanged(settings, await zoneStatuses(zone.folders))) !== undefined;
}

beforeAll(async () => {
  zone = await TestZone.create();
  await zone.start();
  await zone.authorize();
  web = await zone.listener('web');
  await zone.run(web);
  last = new LastStart(zone.folders);
  write(programFile('services/web/main.ts'), 'serve();');
  write(programFile('services/web/main.test.ts'), 'test();');
  write(programFile('package-lock.json'), '{}');
  write(programFile('node_modules/.meridian-installed'), 'digest');
  write(path.join(zone.folders.cache, 'envoy/1/bin/envoy'), 'engine');
  symlinkSync('1', path.join(zone.folders.cache, 'envoy/current'));
  write(stateFile('pulumi/.pulumi/stacks/meridian/local.json'), '{"checkpoint":{}}');
  write(stateFile('credentials/redis-web'), 'secret');
  write(path.join(zone.folders.data, 't/redis/users.acl'), 'user web');
});
beforeEach(async () => {
  await keep();
  expect(await unchanged()).toBe(true);
});
afterAll(() => zone.dispose());

describe('a start after one that went well', () => {
  test('has nothing to do, and says what that one said', async () => {
    expect(await last.unchanged(SETTINGS, await zoneStatuses(zone.folders))).toMatchObject(TOLD);
  });

  test.each([
    ['source of the program', () => programFile('services/web/main.ts')],
    ['lockfile', () => programFile('package-lock.json')],
    ['note of what is installed', () => programFile('node_modules/.meridian-installed')],
    ['engine', () => path.join(zone.folders.cache, 'envoy/1/bin/envoy')],
    ['state of Pulumi', () => stateFile('pulumi/.pulumi/stacks/meridian/local.json')],
    ['root certificate', () => stateFile('pki/root.crt')],
    ['key of a zone', () => stateFile('zones/t/authority/authority.key')],
    ["setting of a zone's agent", () => stateFile('zones/t/agent.json')],
    ['spec that an agent keeps', () => stateFile('zones/t/specs/web.json')],
    ['password', () => stateFile('credentials/redis-web')],
    ['list of users of an engine', () => path.join(zone.folders.data, 't/redis/users.acl')],
  ])('has something to do when the %s is torn or gone', async (_what, fileOf) => {
    const file = fileOf();
    const content = readFileSync(file);
    truncateSync(file, Math.floor(content.length / 2));
    expect(await unchanged()).toBe(false);
    rmSync(file);
    expect(await unchanged()).toBe(false);
    writeFileSync(file, content, { mode: 0o600 });
  });

  test('has nothing to do while somebody installs engines', async () => {
    const lock = path.join(zone.folders.cache, 'install.lock');
    write(lock, '{}');
    expect(await unchanged()).toBe(true);
    rmSync(lock);
  });

  test('has something to do once all engines of telemetry have come, and not before', async () => {
    const { cache } = zone.folders;
    const install = (engine: (typeof TELEMETRY_ENGINES)[number]): void => {
      const file = telemetryCommand(engine, engine, { root: programFolder, cache });
      write(file, 'engine');
      const folder = path.dirname(path.dirname(file));
      symlinkSync(path.basename(folder), path.join(path.dirname(folder), 'current'));
    };
    const [first, ...others] = TELEMETRY_ENGINES;
    others.forEach(install);
    expect(await unchanged()).toBe(true);
    install(first);
    expect(await unchanged()).toBe(false);
  });

  test('has something to do when an engine of another version is current', async () => {
    const current = path.join(zone.folders.cache, 'envoy/current');
    write(path.join(zone.folders.cache, 'envoy/2/bin/envoy'), 'engine');
    unlinkSync(current);
    symlinkSync('2', current);
    expect(await unchanged()).toBe(false);
  });

  test('has something to do with another setting, and nothing after a change of a test', async () => {
    expect(await unchanged({ 'meridian:edgePort': '9444' })).toBe(false);
    write(programFile('services/web/main.test.ts'), 'other();');
    expect(await unchanged()).toBe(true);
  });

  test('has something to do while a process is dead, and when it holds another spec', async () => {
    const { pid = 0 } = await zone.status('web');
    signalProcess({ pid, startTime: startTimeOf(pid) ?? '' }, 'SIGKILL');
    await until('its end is seen', async () => (await zone.status('web')).state !== 'ready');
    expect(await unchanged()).toBe(false);
    await zone.run({ ...web, revision: '2' });
    expect(await unchanged()).toBe(false);
    await zone.run(web);
  });

  test('has something to do when an agent is gone, and is not kept then', async () => {
    await zone.killAgent();
    expect(await unchanged()).toBe(false);
    await keep();
    await zone.start();
    await zone.client.waitUntilReady('web', 20_000);
    // The start before is still believed: all is again as it was.
    expect(await unchanged()).toBe(true);
  });

  test('is not believed for ever, nor under a clock that was set back', async () => {
    const now = jest.spyOn(Date, 'now');
    const real = Date.now();
    for (const shiftMs of [3_700_000, -60_000]) {
      now.mockImplementation(() => real + shiftMs);
      expect(await unchanged()).toBe(false);
    }
    now.mockRestore();
  });

  test('is not kept when the program was edited meanwhile, or nothing of it is left', async () => {
    const program = programDigest(zone.folders);
    await last.forget();
    write(programFile('services/web/main.ts'), 'serveBetter();');
    await last.keep(program, SETTINGS, await zoneStatuses(zone.folders), TOLD);
    expect(await unchanged()).toBe(false);
  });
});
