import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Finding } from '../../finding.ts';
import { fileFindings } from '../file-findings.ts';

/** Folders with files of a base and of a head, for what is told of the difference; removed when that is disposed of. */
export class ChangedFiles implements Disposable {
  readonly #folders: string[] = [];

  /** Writes texts into a folder of their own, and gives it. */
  layOut(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'meridian-files-'));
    this.#folders.push(folder);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return folder;
  }

  /** What is told of texts by what they were; undefined is a file that is not there. */
  findings(
    before: Readonly<Record<string, string>>,
    after: Readonly<Record<string, string>>,
  ): readonly Finding[] {
    const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return fileFindings({ base: this.layOut(before), head: this.layOut(after), paths });
  }

  [Symbol.dispose](): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
