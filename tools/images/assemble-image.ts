import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { compareText } from '@meridian/components/model/order.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ImageContent } from './image-content.ts';

/** What was assembled. */
export interface AssembledImage {
  readonly files: number;
  readonly sizeBytes: number;
  /** SHA-256 over paths, contents and links: the same wherever it is assembled. */
  readonly sha256: string;
}

/** Everything is read, nothing written, whoever the process runs as. */
const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/** Of every file, so that equal contents make equal layers. */
const MODIFIED = new Date(0);

/**
 * Copies an image's program into a new or empty folder, which becomes `/app`.
 *
 * @throws {CodedError} IMAGE_FOLDER_REFUSED, before anything is written
 */
export function assembleImage(root: string, content: ImageContent, folder: string): AssembledImage {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CodedError(
      'IMAGE_FOLDER_REFUSED',
      `Folder '${folder}': must be new or empty, got one with ${readdirSync(folder).slice(0, 3).join(', ')}; choose another one`,
    );
  }
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (const file of content.files) {
    const bytes = readFileSync(path.join(root, file));
    sizeBytes += bytes.length;
    hash.update(`file ${Buffer.byteLength(file)} ${file} ${bytes.length} `).update(bytes);
    copyFile(path.join(root, file), path.join(folder, file));
  }
  const links = Object.entries(content.links).sort(([a], [b]) => compareText(a, b));
  for (const [link, target] of links) {
    hash.update(`link ${Buffer.byteLength(link)} ${link} ${Buffer.byteLength(target)} ${target} `);
    const place = path.join(folder, link);
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(path.posix.relative(path.posix.dirname(link), target), place);
    lutimesSync(place, MODIFIED, MODIFIED);
  }
  settleFolders(folder);
  return { files: content.files.length, sizeBytes, sha256: hash.digest('hex') };
}

function copyFile(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, FILE_MODE);
  lutimesSync(to, MODIFIED, MODIFIED);
}

/** Last, from the innermost outwards: each entry that is made changes the time of its folder. */
function settleFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) settleFolders(path.join(folder, entry.name));
  }
  chmodSync(folder, FOLDER_MODE);
  lutimesSync(folder, MODIFIED, MODIFIED);
}
