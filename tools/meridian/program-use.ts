import { readlinkSync } from 'node:fs';
import { allPids, unlessUnseen, wordsOf } from '@meridian/provider-local/machine/process-table.ts';

/** Whether any process runs from a folder: has it in its command line, as its program or its folder. */
export function isInUse(folder: string): boolean {
  const names = (text: string): boolean => text === folder || text.startsWith(`${folder}/`);
  const linkOf = (pid: number, link: 'cwd' | 'exe'): string =>
    unlessUnseen(() => readlinkSync(`/proc/${pid}/${link}`), '');
  return allPids().some((pid) =>
    [...wordsOf(pid, 'cmdline'), linkOf(pid, 'cwd'), linkOf(pid, 'exe')].some(names),
  );
}
