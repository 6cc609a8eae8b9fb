import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { allPids, wordsOf } from '@meridian/provider-local/machine/process-table.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { programFolder } from '../places.ts';
import { Stack } from '../stack.ts';

/** A local stack of a program without resources, in folders of its own, with the real Pulumi. */
export class SmallStack {
  readonly root = mkdtempSync(path.join(tmpdir(), 'meridian-small-'));
  readonly folders: Folders;

  constructor(program = 'export const answer = 42;\n') {
    const below = (name: string): string => path.join(this.root, name);
    this.folders = {
      state: below('state'),
      data: below('data'),
      runtime: below('run'),
      cache: below('cache'),
      program: below('program'),
    };
    for (const name of ['state', 'data', 'run', 'cache', 'program']) {
      mkdirSync(below(name), { mode: 0o700 });
    }
    for (const name of ['node_modules', 'tools']) {
      symlinkSync(path.join(programFolder, name), path.join(this.folders.program, name));
    }
    this.write(
      'Pulumi.yaml',
      'name: meridian\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n',
    );
    this.write('package.json', '{ "type": "module" }\n');
    this.write('Pulumi.local.yaml', 'config: {}\n');
    this.write('index.ts', program);
  }

  /** As a command of its own opens it. */
  open(): Stack {
    return new Stack(this.folders, {
      name: 'pulumi',
      version: '3',
      folder: path.dirname(pulumiBinaries()),
      source: 'the tests',
    });
  }

  /** Puts a file into the program's folder. */
  write(name: string, content: string): void {
    writeFileSync(path.join(this.folders.program, name), content);
  }

  /** Every file of the state, relative to it. */
  files(): readonly string[] {
    return readdirSync(this.folders.state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.folders.state, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Pids of all processes that work for this stack. */
  processes(): readonly number[] {
    return allPids().filter((pid) =>
      wordsOf(pid, 'environ').includes(`MERIDIAN_STATE=${this.folders.state}`),
    );
  }

  async remove(): Promise<void> {
    for (const pid of this.processes()) process.kill(pid, 'SIGKILL');
    await rm(this.root, { recursive: true, force: true });
  }
}

/** The folder `MERIDIAN_PULUMI_BIN`, which `npm test` sets. */
function pulumiBinaries(): string {
  const folder = process.env['MERIDIAN_PULUMI_BIN'];
  if (folder !== undefined) return folder;
  throw new Error("No Pulumi: run 'npm test', or set MERIDIAN_PULUMI_BIN");
}
