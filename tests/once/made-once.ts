import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RUN_FOLDER } from './run-folder.ts';

/**
 * What many suites of a run look at and none has a part in making: the first that asks makes it, with all that it takes to load
 * for that, and the others read it. Nobody edits the program during a run, and the next one makes it again. Workers that ask at
 * the same time make it twice, to the same text.
 *
 * @param name of what is made, among all of the program
 * @param make gives plain JSON; imports by `import()` what nobody else should have to load
 */
export async function madeOnce<Value extends object>(
  name: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const folder = process.env[RUN_FOLDER];
  const file = folder === undefined ? undefined : path.join(folder, `${name}.json`);
  if (file !== undefined && existsSync(file))
    return JSON.parse(readFileSync(file, 'utf8')) as Value;
  const text = JSON.stringify(await make());
  if (file !== undefined) {
    // In one step: another worker may be about to read it.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  }
  // Whoever makes it sees no more of it than those who read it.
  return JSON.parse(text) as Value;
}
