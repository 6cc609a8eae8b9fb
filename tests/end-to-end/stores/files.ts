import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { textsIn } from './found.ts';
import type { Found } from './found.ts';

/** Indices of Kafka's segments: numbers, in files that are 10 MiB long before anything is in them. */
const NUMBERS = /\.(time)?index$/;

/** Every file that a platform keeps, as its bytes lie on the disk. */
export function inFiles(
  { state, data, runtime }: Pick<Folders, 'state' | 'data' | 'runtime'>,
  texts: readonly string[],
): readonly Found[] {
  return Object.entries({ state, data, runtime }).flatMap(([name, folder]) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !NUMBERS.test(entry.name))
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return {
          place: `file ${name}/${path.relative(folder, file)}`,
          texts: textsIn(readIfThere(file), texts),
        };
      }),
  );
}

/** Engines remove files of theirs at any time. */
function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}
