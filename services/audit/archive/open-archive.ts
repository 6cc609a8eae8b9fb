import { CodedError } from '@meridian/language/coded-error.ts';
import {
  FolderLog,
  hashLeaf,
  leavesOf,
  parseCheckpoint,
  TILE_WIDTH,
  VerificationError,
  widthOf,
} from '@meridian/verifier/index.ts';

/**
 * How many entries a log may have in front of those that an archive begins with: each successor begins with the last
 * head of the log before it.
 */
const SUCCESSORS_MAX = 64;

/** An archive: a beginning of a log as files (C2SP tlog-tiles), with the published head that it is of. */
export class Archive {
  readonly folder: string;
  readonly source: FolderLog;
  readonly note: string;
  readonly size: number;
  #shift = 0;
  #last: { readonly bundle: number; readonly leaves: Promise<readonly Uint8Array[]> } | undefined;

  constructor(folder: string, source: FolderLog, note: string) {
    this.folder = folder;
    this.source = source;
    this.note = note;
    this.size = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1)).size;
  }

  /**
   * The leaf of that hash; undefined where the archive has it not.
   *
   * @param index in the log that is written now, which may be a successor of the archive's
   */
  async leaf(index: number, hash: Uint8Array): Promise<Uint8Array | undefined> {
    for (const shift of [this.#shift, ...Array(SUCCESSORS_MAX).keys()]) {
      const leaf = await this.#at(index - shift);
      if (leaf === undefined || !hashLeaf(leaf).every((byte, at) => byte === hash[at])) continue;
      this.#shift = shift;
      return leaf;
    }
    return undefined;
  }

  async #at(index: number): Promise<Uint8Array | undefined> {
    if (index < 0 || index >= this.size) return undefined;
    const bundle = Math.floor(index / TILE_WIDTH);
    // Leaves are asked for one after the other.
    if (this.#last?.bundle !== bundle) this.#last = { bundle, leaves: this.#read(bundle) };
    return (await this.#last.leaves)[index % TILE_WIDTH];
  }

  async #read(bundle: number): Promise<readonly Uint8Array[]> {
    const width = widthOf(0, bundle, this.size);
    const bytes = await this.source.entries(bundle, width);
    try {
      return bytes === undefined ? [] : leavesOf(bytes, width, `Entries ${bundle} of the archive`);
    } catch (error) {
      // It has none of these; verifying the archive itself says why.
      if (error instanceof VerificationError) return [];
      throw error;
    }
  }
}

/** The archive in a folder; undefined where there is no head, with which writing one ends. */
export async function findArchive(folder: string): Promise<Archive | undefined> {
  const source = new FolderLog(folder);
  const note = await source.checkpoint();
  return note && new Archive(folder, source, Buffer.from(note).toString());
}

/** @throws {CodedError} AUDIT_ARCHIVE_REFUSED where there is none */
export async function openArchive(folder: string): Promise<Archive> {
  const archive = await findArchive(folder);
  if (archive !== undefined) return archive;
  throw archiveRefused(
    `Archive in '${folder}': must be a folder that 'audit archive' wrote, got one without a head; name another`,
  );
}

/** Why there is no archive, or not the right one. */
export function archiveRefused(message: string): CodedError {
  return new CodedError('AUDIT_ARCHIVE_REFUSED', message);
}
