import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '@meridian/language/thrown.ts';

/** What a process and all that it has started hold in memory of their own, in bytes. Source: proc_pid_status(5). */
export function residentBytes(root: number): number {
  const children = childrenByParent();
  const family: number[] = [root];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family.reduce((sum, pid) => sum + ownBytes(pid), 0);
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name of a program, in brackets, may have any character; what follows the last one is numbers.
    const stat = readIfThere(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return children;
}

function ownBytes(pid: number): number {
  const status = readIfThere(`/proc/${pid}/status`);
  const found = status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm);
  return [...found].reduce((sum, [, kibibytes]) => sum + Number(kibibytes) * 1024, 0);
}

/** A process may end while it is looked at. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(String(codeOf(error)))) return '';
    throw error;
  }
}
