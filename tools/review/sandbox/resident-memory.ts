import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '@meridian/language/thrown.ts';

/** Absent where the kernel was built without CONFIG_PROC_CHILDREN. Source: proc_tid_children(5) */
const KNOWS_CHILDREN = existsSync('/proc/thread-self/children');

/**
 * What a process and all that it has started hold in memory of their own, in bytes. It is asked four times a second, so where the
 * kernel lets it only this family is looked at, and not every process of the machine. Source: proc_pid_status(5)
 */
export function residentBytes(root: number): number {
  const childrenOf = KNOWS_CHILDREN ? childrenByThread : childrenAmongAll();
  const family = [root];
  for (const pid of family) family.push(...childrenOf(pid));
  return family.reduce((sum, pid) => sum + ownBytes(pid), 0);
}

type ChildrenOf = (pid: number) => readonly number[];

const childrenByThread: ChildrenOf = (pid) =>
  readdirIfThere(`/proc/${pid}/task`).flatMap((thread) =>
    readIfThere(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );

function childrenAmongAll(): ChildrenOf {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name of a program, in brackets, may have any character; what follows the last one is numbers.
    const stat = readIfThere(`/proc/${name}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  return (pid) => children.get(pid) ?? [];
}

function ownBytes(pid: number): number {
  const status = readIfThere(`/proc/${pid}/status`);
  const found = status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm);
  return [...found].reduce((sum, [, kibibytes]) => sum + Number(kibibytes) * 1024, 0);
}

function readIfThere(file: string): string {
  return unlessGone(() => readFileSync(file, 'utf8')) ?? '';
}

function readdirIfThere(folder: string): readonly string[] {
  return unlessGone(() => readdirSync(folder)) ?? [];
}

/** A process may end while it is looked at. */
function unlessGone<Result>(look: () => Result): Result | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(String(codeOf(error)))) return undefined;
    throw error;
  }
}
