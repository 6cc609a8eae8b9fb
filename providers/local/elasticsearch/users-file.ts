import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SerialQueue } from '../agent/zone/serial-queue.ts';
import { ensureFolder, readIfThere, writeFileAtomic } from '../machine/atomic-file.ts';

/** A line of ours; any other is torn or a stranger's, and no user of the platform. */
const LINE = /^([a-z][a-z0-9-]*):(\{SSHA256\}[A-Za-z0-9+/=]{56})$/;

/** Changes of one file come one after the other: each is a new file. */
const queues = new Map<string, SerialQueue>();

/** The hash of a user's password in a node's file of users, or undefined. */
export async function findHash(file: string, user: string): Promise<string | undefined> {
  return (await hashesIn(file)).get(user);
}

/** Gives a user this hash, in one step for the node, or takes the user away. */
export async function setHash(file: string, user: string, hash?: string): Promise<void> {
  const queue = queues.get(file) ?? new SerialQueue();
  queues.set(file, queue);
  await queue.run(async () => {
    const hashes = await hashesIn(file);
    if (hash === undefined) hashes.delete(user);
    else hashes.set(user, hash);
    if (hashes.size === 0) {
      await rm(file, { force: true });
      return;
    }
    const lines = [...hashes].sort(([one], [other]) => (one < other ? -1 : 1));
    await ensureFolder(dirname(file));
    await writeFileAtomic(file, lines.map(([name, value]) => `${name}:${value}\n`).join(''));
  });
}

async function hashesIn(file: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const line of ((await readIfThere(file)) ?? '').split('\n')) {
    const [, user, hash] = LINE.exec(line) ?? [];
    if (user !== undefined && hash !== undefined) hashes.set(user, hash);
  }
  return hashes;
}
