import { readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '@meridian/language/thrown.ts';
import { readUnlessTorn } from '../../machine/atomic-file.ts';
import { killSession } from './child.ts';
import { bootId, isSameProcess, membersOfSession } from '../../machine/process-table.ts';
import type { ProcessIdentity } from '../../machine/process-table.ts';

const recordSchema = z.object({ pid: z.int(), startTime: z.string(), bootId: z.string() });

const WAIT_MS = 5000;
const POLL_MS = 20;

/**
 * Remembers which process was started, for the agent that comes after this one. Written in place: a
 * record that is torn by a crash of the machine is of no use, for its process is gone as well. A full
 * disk loses it and stops nobody: it matters only where the kernel has not done the same already.
 */
export function recordRun(file: string, started: ProcessIdentity): void {
  try {
    writeFileSync(file, JSON.stringify({ ...started, bootId: bootId() }), { mode: 0o600 });
  } catch (thrown) {
    console.error(`run record ${file} cannot be written: ${messageOf(thrown)}`);
  }
}

/**
 * Kills what an earlier agent of the zone has left. The kernel kills children with their agent
 * (`setpriv --pdeathsig`), so this finds only what such a child had started in turn, or a child that is
 * about to go.
 */
export async function killLeftovers(runningFolder: string): Promise<void> {
  for (const name of readdirSync(runningFolder)) {
    if (isRecord(name)) {
      const file = join(runningFolder, name);
      const left = await readRecord(file);
      if (left !== undefined) {
        await killAndWait(left);
      }
      await rm(file, { force: true });
    }
  }
}

function isRecord(name: string): boolean {
  return name.endsWith('.json') && !name.includes('.preparing.');
}

async function readRecord(file: string): Promise<ProcessIdentity | undefined> {
  const record = await readUnlessTorn(file, (text) => recordSchema.parse(JSON.parse(text)));
  return record?.bootId === bootId() ? record : undefined;
}

async function killAndWait(left: ProcessIdentity): Promise<void> {
  killSession(left);
  const deadline = Date.now() + WAIT_MS;
  while (isSameProcess(left) && membersOfSession(left.pid).length > 0 && Date.now() < deadline) {
    await delay(POLL_MS);
  }
}
