import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';

/**
 * Where root keeps what the audit log published, with an owner of its own: whoever the platform runs as may read
 * it and change nothing of it.
 */
export const KEPT_HEADS = '/var/lib/meridian-heads';

/** By which the account's commands are told of that folder. */
export const KEPT_HEADS_VARIABLE = 'MERIDIAN_KEPT_HEADS';

/** What was published, one of them a line of JSON: its name and its content. */
export type PublishedObject = readonly [name: string, content: string];

const OBJECT = /^(?:[1-9]\d{0,8}\/)?(?:heads\/0{5}\d{15}|keys\/[0-9a-f]{8}\.(?:pem|vkey))$/;
/** A note has at most a million bytes (verifier/signed-note.ts), and these are ours, of some hundred. */
const CONTENT_MAX = 64 * 1024;

/** What is published in a folder and not among what is known; anything but plain files of these names is passed over. */
export function* publishedObjects(
  folder: string,
  known: ReadonlySet<string>,
): Iterable<PublishedObject> {
  const logs = ['', ...namesIn(folder).filter((name) => /^[1-9]\d{0,8}$/.test(name))];
  // Heads first: a key is published before its first head, so that none is without its key.
  for (const kind of ['heads', 'keys']) {
    for (const log of logs) {
      for (const name of namesIn(path.join(folder, log, kind))) {
        const object = path.posix.join(log, kind, name);
        if (!OBJECT.test(object) || known.has(object)) continue;
        yield [object, readFileSync(path.join(folder, object), 'utf8')];
      }
    }
  }
}

/**
 * Writes an object that is not there yet, and never one that is. What it is given was written by an account that is
 * not believed: its name leads nowhere else.
 */
export function keepObject(folder: string, line: string): void {
  const [name, content] = JSON.parse(line) as readonly unknown[];
  if (typeof name !== 'string' || typeof content !== 'string') return;
  if (!OBJECT.test(name) || content.length > CONTENT_MAX) return;
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    // The first one stays, whatever came later under its name.
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
}

/** The names of what is kept. */
export function keptNames(folder: string): readonly string[] {
  const names = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
    : [];
  return names.filter((name) => OBJECT.test(name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return [];
    throw error;
  }
}
