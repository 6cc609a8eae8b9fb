import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { bootId, identify, isSameProcess } from '@meridian/provider-local/machine/process-table.ts';
import { acquire, checkFree } from '../../bootstrap/process-lock.mjs';
import { LocalSettingsFiles } from '../local-settings.ts';
import { programFolder } from '../places.ts';
import { endBuild } from './background-build.ts';
import { BuildRecord, type BuildProgress } from './build-record.ts';
import { inTurn } from './in-turn.ts';
import { telemetryState, telemetryText } from './telemetry-state.ts';

const MINUTE_MS = 60_000;
const NOW = 10 * MINUTE_MS;
const BUILDING: BuildProgress = {
  ...{ phase: 'building', engine: 'Prometheus', position: 2, count: 5, since: NOW - 3 * MINUTE_MS },
};

let root: string;
let folders: Folders;
let builder: ChildProcess;

/** Writes the record of a build whose process is `builder`. */
function writeRecord(progress: BuildProgress): void {
  const record = new BuildRecord(folders);
  record.makeFolder();
  const identity = identify(builder.pid ?? 0);
  writeFileSync(
    record.log.replace(/\.log$/, '.json'),
    JSON.stringify({
      builder: { pid: builder.pid, startTime: identity?.startTime, bootId: bootId() },
      progress,
    }),
  );
}

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'telemetry-state-'));
  const [state, data, runtime, cache] = ['state', 'data', 'runtime', 'cache'].map((name) => {
    const folder = path.join(root, name);
    mkdirSync(folder);
    return folder;
  });
  if (!state || !data || !runtime || !cache) throw new Error('unreachable');
  folders = { state, data, runtime, cache, program: programFolder };
  builder = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  await once(builder, 'spawn');
});

afterEach(() => {
  builder.kill('SIGKILL');
  rmSync(root, { recursive: true });
});

async function text(): Promise<string> {
  return telemetryText(await telemetryState(folders), NOW);
}

describe('how it stands with telemetry', () => {
  test('engines are missing, and a start builds them', async () => {
    expect(await text()).toBe(
      "not built (OpenTelemetry Collector, Prometheus, Alertmanager, VictoriaLogs, Jaeger); 'npm start' builds it in the background",
    );
  });

  test('a build says how far it is, as long as its process lives', async () => {
    writeRecord(BUILDING);
    expect(await text()).toBe('building Prometheus (2 of 5), 3 min');
    builder.kill('SIGKILL');
    await once(builder, 'exit');
    expect(await text()).toContain('failed: its process was ended from outside, see /');
  });

  test('of a build that failed the reason is told without control characters', async () => {
    writeRecord({ phase: 'failed', problem: 'a full \u001b[31mdisk' });
    expect(await text()).toContain('failed: a full \ufffd[31mdisk, see ');
  });

  test('what was left out is not missing', async () => {
    await new LocalSettingsFiles(folders).write({}, { 'meridian:telemetry': 'false' }, undefined);
    expect(await text()).toMatch(/^left out/);
  });

  test('a torn record is none', async () => {
    writeRecord(BUILDING);
    writeFileSync(new BuildRecord(folders).log.replace(/\.log$/, '.json'), '{"builder":');
    expect((await telemetryState(folders)).phase).toBe('missing');
  });
});

describe('a build that is to end', () => {
  test('ends, and is forgotten', async () => {
    writeRecord(BUILDING);
    const identity = identify(builder.pid ?? 0);
    expect(await endBuild(folders)).toBe(true);
    expect(identity !== undefined && isSameProcess(identity)).toBe(false);
    expect(await new BuildRecord(folders).read()).toBeUndefined();
    expect(await endBuild(folders)).toBe(false);
  });
});

describe('whoever needs the stack while telemetry joins', () => {
  test('waits for it, and for nobody else', async () => {
    const lock = path.join(folders.state, 'lock');
    const release = acquire(lock, "'npm start'");
    writeRecord(BUILDING);
    await expect(inTurn(folders, () => checkFree(lock))).rejects.toThrow("'npm start' is already");
    writeRecord({ phase: 'joining', since: NOW });
    let taken = false;
    const taking = inTurn(folders, () => {
      checkFree(lock);
      taken = true;
    });
    expect(taken).toBe(false);
    release();
    await taking;
    expect(taken).toBe(true);
  });
});
