import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { replaceFolder } from '@meridian/components/kubernetes/replace-folder.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** What of a stack is written to a folder. */
export interface Rendered {
  readonly stack: string;
  /** Texts by folder, and in each by their path below it. */
  readonly folders: Readonly<Record<(typeof FOLDERS)[number], Readonly<Record<string, string>>>>;
}

/** Tells a folder that was written by this program from any other. */
const MARKER = 'meridian-render.json';

/** The only folders that are replaced; what else a user keeps beside them stays. */
const FOLDERS = ['charts', 'manifests'] as const;

/**
 * Writes what was rendered, in place of what was rendered there before.
 *
 * @throws {CodedError} RENDER_FOLDER_REFUSED, before anything is changed, for a folder that holds
 *   something else; or when it cannot be written
 */
export function writeRendered(folder: string, { stack, folders }: Rendered): void {
  try {
    checkFolder(folder);
    mkdirSync(folder, { recursive: true });
    // First, so that an interrupted run leaves a folder that the next one takes for its own.
    writeFileSync(path.join(folder, MARKER), `${JSON.stringify({ stack })}\n`);
    for (const name of FOLDERS) replaceFolder(path.join(folder, name), folders[name]);
  } catch (cause) {
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw refusal(folder, `must be a folder that can be written, got '${message}'`);
  }
}

/**
 * Whether a file can be written, before it takes long to make its content: its folder has to be there, as one that was misspelt would be made else.
 *
 * @throws {CodedError} RENDER_FOLDER_REFUSED
 */
export function checkRenderedFile(file: string): void {
  if (existsSync(file) && statSync(file).isDirectory()) throw fileRefusal(file, 'it is a folder');
  const folder = path.dirname(file);
  const isThere = existsSync(folder);
  if (!isThere || !statSync(folder).isDirectory()) {
    throw new CodedError(
      'RENDER_FOLDER_REFUSED',
      `Folder '${folder}': must be a folder that is there, as a plan is written into it, got ${isThere ? 'a file' : 'none'}; make it, or choose another file with --terraform-plan`,
    );
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw fileRefusal(file, (cause as Error).message);
  }
}

/** For its owner alone: what is written tells how all of production is made. */
const FILE_MODE = 0o600;

/**
 * Writes one file in place of what it was, in one step, for its owner alone.
 *
 * @throws {CodedError} RENDER_FOLDER_REFUSED when it cannot be written
 */
export function writeRenderedFile(file: string, content: string): void {
  const beside = `${file}.${String(process.pid)}`;
  try {
    writeFileSync(beside, content, { mode: FILE_MODE });
    renameSync(beside, file);
  } catch (cause) {
    rmSync(beside, { force: true });
    const { syscall, message } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw fileRefusal(file, message);
  }
}

function fileRefusal(file: string, problem: string): CodedError {
  return new CodedError(
    'RENDER_FOLDER_REFUSED',
    `File '${file}': must be a file that can be written, got '${problem}'; choose another one with --terraform-plan`,
  );
}

function checkFolder(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw refusal(folder, 'must be a folder, got a file');
  const content = readdirSync(folder);
  if (content.length === 0 || content.includes(MARKER)) return;
  const shown = content.slice(0, 3).join(', ');
  throw refusal(
    folder,
    `must be empty or written by an earlier render (with ${MARKER} in it), got one with ${shown}`,
  );
}

function refusal(folder: string, rule: string): CodedError {
  return new CodedError(
    'RENDER_FOLDER_REFUSED',
    `Folder '${folder}': ${rule}; choose another one with --out`,
  );
}
