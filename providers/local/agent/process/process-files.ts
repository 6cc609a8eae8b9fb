import { readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expandPlaceholders } from '../../folders.ts';
import type { Placeholders } from '../../folders.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { ensureFolder, replaceFile } from '../../machine/atomic-file.ts';
import { fileMark } from '../../machine/file-mark.ts';

type Files = Readonly<Record<string, string>>;

/** Writes each file below `${self}` whose content differs, each in one step, mode 600. */
export async function writeFiles(files: Files, placeholders: Placeholders): Promise<void> {
  for (const [path, template] of Object.entries(files)) {
    const file = join(placeholders.self, path);
    const content = expandPlaceholders(template, placeholders);
    if ((await contentOf(file)) !== content) {
      await ensureFolder(dirname(file));
      await replaceFile(file, content);
    }
  }
}

/** Notices, without reading them, that files of a process are no longer as they were written. */
export class FileNotice {
  #marks: readonly (readonly [file: string, mark: string | undefined])[] = [];

  /** Takes what lies there as what was written. */
  take({ files, liveFiles }: ProcessSpec, { self }: Placeholders): void {
    this.#marks = Object.keys({ ...files, ...liveFiles }).map((path) => {
      const file = join(self, path);
      return [file, fileMark(file)];
    });
  }

  isAsWritten(): boolean {
    return this.#marks.every(([file, mark]) => mark !== undefined && fileMark(file) === mark);
  }
}

/** Removes the files that the old spec has and the new one has not, and folders left empty. */
export async function removeStaleFiles(
  self: string,
  before: ProcessSpec,
  after: ProcessSpec,
): Promise<void> {
  const kept = new Set([...Object.keys(after.files), ...Object.keys(after.liveFiles)]);
  for (const path of [...Object.keys(before.files), ...Object.keys(before.liveFiles)]) {
    if (!kept.has(path)) {
      await rm(join(self, path), { force: true });
      await removeEmptyFolders(self, dirname(path));
    }
  }
}

async function removeEmptyFolders(self: string, path: string): Promise<void> {
  for (let folder = path; folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(self, folder));
    } catch (thrown) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].some((code) => isSystemError(thrown, code))) {
        return;
      }
      throw thrown;
    }
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    // A folder where a file is wanted comes to light when the file is written.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => isSystemError(thrown, code))) {
      return undefined;
    }
    throw thrown;
  }
}
