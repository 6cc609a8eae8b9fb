import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import {
  readIfThere,
  readIfThereSync,
  writeFileAtomic,
} from '@meridian/provider-local/machine/atomic-file.ts';
import { parse } from 'yaml';
import { localStack } from './places.ts';

/** What is read of a stack's state. Source: apitype.VersionedCheckpoint of Pulumi 3. */
interface Checkpoint {
  readonly checkpoint: {
    readonly latest?: {
      readonly pending_operations?: readonly unknown[] | null;
      readonly secrets_providers?: unknown;
      readonly resources?: readonly { readonly type: string; readonly outputs?: unknown }[];
    } | null;
  };
}

/** By this property Pulumi knows a secret in the state: resource.SigKey and resource.SecretSig. */
const SECRET = '"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"';

/**
 * The files in which Pulumi keeps the local stack (pkg/backend/diy of Pulumi 3.250, layout 1). Pulumi
 * does not sync what it writes, so a power cut may leave any of them empty or cut short; those that
 * would end every command are healed here. Its history and its backups are read by nothing.
 */
export class PulumiBackend {
  readonly #root: string;
  readonly #workspaces: string;

  /**
   * @param folder that the backend's URL names
   * @param home that `PULUMI_HOME` names
   */
  constructor(folder: string, home: string) {
    this.#root = path.join(folder, '.pulumi');
    this.#workspaces = path.join(home, 'workspaces');
  }

  /** The stack's state. */
  get checkpointFile(): string {
    return path.join(this.#root, `stacks/meridian/${localStack}.json`);
  }

  get locks(): string {
    return path.join(this.#root, 'locks');
  }

  get hasStack(): boolean {
    return existsSync(this.checkpointFile);
  }

  /**
   * Puts right what is torn.
   *
   * @returns what was done, in sentences
   */
  async heal(): Promise<readonly string[]> {
    await this.#healLayout();
    // Which stack is selected; every command of ours names it.
    for (const file of filesOf(this.#workspaces)) removeIfTorn(file);
    if (!this.hasStack) return [];
    removeIfTorn(notesOf(this.checkpointFile));
    if (readCheckpoint(this.checkpointFile) !== undefined) return [];
    const backup = this.#backups().find((file) => readCheckpoint(file) !== undefined);
    if (backup !== undefined) {
      await writeFileAtomic(this.checkpointFile, readFileSync(backup, 'utf8'));
      return [
        `Pulumi's state ${this.checkpointFile} was torn, as by a power cut, and is restored from ${backup}.`,
      ];
    }
    const aside = `${this.checkpointFile}.torn`;
    renameSync(this.checkpointFile, aside);
    return [
      `Pulumi's state ${this.checkpointFile} was torn, as by a power cut, and so are its backups; it lies in ${aside} now, and an empty one takes its place: what there is of the platform is taken over as if it were new.`,
    ];
  }

  /** Whether an earlier run was killed while it made something. */
  hasPendingOperations(): boolean {
    const latest = readCheckpoint(this.checkpointFile)?.checkpoint.latest;
    return (latest?.pending_operations ?? []).length > 0;
  }

  /** The stack's outputs; `pulumi stack output` reads the same and takes a third of a second. */
  outputs(): unknown {
    const resources = readCheckpoint(this.checkpointFile)?.checkpoint.latest?.resources ?? [];
    return resources.find(({ type }) => type === 'pulumi:pulumi:Stack')?.outputs;
  }

  /**
   * Makes the state one that no passphrase is needed for, when the one it had is lost.
   *
   * @throws {CodedError} PASSPHRASE_LOST when it holds a secret
   */
  async forgetPassphrase(passphraseFile: string): Promise<void> {
    const text = await readIfThere(this.checkpointFile);
    const state = text === undefined ? undefined : parseCheckpoint(text);
    if (text === undefined || state === undefined) return;
    if (text.includes(SECRET)) {
      throw new CodedError(
        'PASSPHRASE_LOST',
        `File '${passphraseFile}': must hold the passphrase that Meridian wrote there, which is gone, and the state in ${this.checkpointFile} holds secrets under it; put the file back, or remove the platform with its data: npm run destroy -- --yes`,
      );
    }
    const { latest } = state.checkpoint;
    if (latest?.secrets_providers === undefined) return;
    const open = {
      ...state,
      checkpoint: { ...state.checkpoint, latest: { ...latest, secrets_providers: undefined } },
    };
    await writeFileAtomic(this.checkpointFile, JSON.stringify(open));
  }

  /** Without its version the store counts as corrupt; ours is of the layout that new ones have. */
  async #healLayout(): Promise<void> {
    const file = path.join(this.#root, 'meta.yaml');
    removeIfTorn(notesOf(file));
    const text = await readIfThere(file);
    if (text !== undefined && !isLayout(text)) await writeFileAtomic(file, 'version: 1\n');
  }

  /** Older states, newest first: the one before the last, those after each update. */
  #backups(): readonly string[] {
    const folders = ['backups', 'history'].map((kind) =>
      path.join(this.#root, kind, 'meridian', localStack),
    );
    const kept = folders
      .flatMap(filesOf)
      .filter((file) => file.endsWith('.json') && !file.endsWith('.history.json'));
    return [`${this.checkpointFile}.bak`, ...kept]
      .filter((file) => existsSync(file))
      .map((file) => ({ file, writtenMs: statSync(file).mtimeMs }))
      .sort((one, other) => other.writtenMs - one.writtenMs)
      .map(({ file }) => file);
  }
}

/** What the bucket notes of a file beside it (gocloud.dev's fileblob): of no use, and read with it. */
function notesOf(file: string): string {
  return `${file}.attrs`;
}

function filesOf(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
}

function removeIfTorn(file: string): void {
  const text = readIfThereSync(file);
  if (text !== undefined && parseObject(text) === undefined) rmSync(file);
}

function readCheckpoint(file: string): Checkpoint | undefined {
  const text = readIfThereSync(file);
  return text === undefined ? undefined : parseCheckpoint(text);
}

function parseCheckpoint(text: string): Checkpoint | undefined {
  const checkpoint = parseObject(text)?.['checkpoint'];
  return typeof checkpoint === 'object' && checkpoint !== null
    ? (parseObject(text) as unknown as Checkpoint)
    : undefined;
}

function isLayout(text: string): boolean {
  try {
    const meta = parse(text) as { readonly version?: unknown } | null;
    return typeof meta?.version === 'number';
  } catch {
    return false;
  }
}

/** An object in JSON; undefined when the text is cut short. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
