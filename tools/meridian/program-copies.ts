import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { currentName } from './places.ts';
import { programFiles } from './program-files.ts';
import { isInUse } from './program-use.ts';
import { linkPackages } from './rehearsal/link-packages.ts';

/** A source may be written while it is copied; that often the copy is made again. */
const attempts = 3;

/** Where the copies lie and who has them. */
export interface ProgramCopiesOptions {
  readonly folder: string;
  /** Runs a command as the owner of the copies; empty where that is this user. */
  readonly asOwner: readonly string[];
  readonly report: (line: string) => void;
}

/** What one `tar` hands to another. */
interface Handed {
  readonly from: string;
  readonly names: readonly string[];
  readonly to: string;
  /** Of the one that reads. */
  readonly options: readonly string[];
}

/**
 * Copies of a clone that its user alone can read, for the account that runs the platform. Each is named
 * by its content and never changes, so what runs from one is not disturbed by the next; packages, most
 * of the size, lie beside and are shared by all copies of one lockfile. The owner itself writes them
 * (mode 750), from what a reader of the clone hands over, so nothing is ever open to anybody else.
 */
export class ProgramCopies {
  readonly #folder: string;
  readonly #asOwner: readonly string[];
  readonly #report: (line: string) => void;

  constructor(options: ProgramCopiesOptions) {
    this.#folder = options.folder;
    this.#asOwner = options.asOwner;
    this.#report = options.report;
  }

  /** The copy that the platform's processes start from, if there is one. */
  current(): string | undefined {
    const link = path.join(this.#folder, currentName);
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return undefined;
    const copy = path.join(this.#folder, path.basename(readlinkSync(link)));
    return existsSync(copy) ? copy : undefined;
  }

  /**
   * The copy of a clone as it is now; made if there is none.
   *
   * @throws {CodedError} PROGRAM_COPY_FAILED
   */
  async make(clone: string): Promise<string> {
    this.#own(['mkdir', '--parents', '--mode=750', this.#folder]);
    const packages = await this.#packagesOf(clone);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const { files, leftOut } = programFiles(clone);
      const content = contentDigest(clone, files);
      const copy = path.join(this.#folder, `${packages}-${content}`);
      if (existsSync(copy)) return copy;
      this.#report(`Copying the program to ${copy}`);
      if (leftOut.length > 0) {
        this.#report(
          `Left out, as hidden or their owner's alone: ${leftOut.join(', ')} ('git add' makes a file the program's)`,
        );
      }
      await this.#fill(copy, async (draft) => {
        await this.#hand({ from: clone, names: files, to: draft, options: ['--no-recursion'] });
        await this.#linkPackages(packages, draft);
        return contentDigest(clone, files) === content;
      });
      if (existsSync(copy)) return copy;
    }
    throw failure(this.#folder, `files of ${clone} change while they are copied`);
  }

  /**
   * Removes every copy that nothing runs from, with packages that no copy needs; the current one stays
   * when `keepCurrent`.
   */
  removeUnused({ keepCurrent }: { readonly keepCurrent: boolean }): void {
    if (!existsSync(this.#folder)) return;
    const kept = keepCurrent ? this.current() : undefined;
    const entries = readdirSync(this.#folder).sort();
    // Of packages only after the copies: a copy that stays needs its packages.
    const [packages, copies] = [entries.filter(isPackages), entries.filter((e) => !isPackages(e))];
    const remove = (name: string): void =>
      this.#own(['rm', '--recursive', '--force', '--', path.join(this.#folder, name)]);
    const staying = copies.filter((name) => {
      const copy = path.join(this.#folder, name);
      if (name === currentName ? kept !== undefined : copy === kept || isInUse(copy)) return true;
      remove(name);
      return false;
    });
    for (const name of packages) {
      const isNeeded = staying.some((copy) =>
        copy.startsWith(`${name.slice('packages-'.length)}-`),
      );
      if (!isNeeded && !isInUse(path.join(this.#folder, name))) remove(name);
    }
  }

  /** The packages of a clone, copied if need be; gives the name of their content. */
  async #packagesOf(clone: string): Promise<string> {
    // What npm installed; the marker says that it went to its end.
    const said = ['.package-lock.json', '.meridian-installed'].map((name) =>
      readFileSync(path.join(clone, 'node_modules', name)),
    );
    const name = createHash('sha256').update(Buffer.concat(said)).digest('hex').slice(0, 12);
    const packages = path.join(this.#folder, `packages-${name}`);
    if (!existsSync(packages)) {
      this.#report(`Copying packages to ${packages}`);
      await this.#fill(packages, async (draft) => {
        const options = ['--exclude=node_modules/.cache'];
        await this.#hand({ from: clone, names: packageFolders(clone), to: draft, options });
        return true;
      });
    }
    return name;
  }

  /** Gives a copy links to packages; its own ones are those of the copy. */
  async #linkPackages(name: string, copy: string): Promise<void> {
    const staging = mkdtempSync(path.join(tmpdir(), 'meridian-links-'));
    try {
      linkPackages(path.join(this.#folder, `packages-${name}`), staging);
      await this.#hand({ from: staging, names: readdirSync(staging), to: copy, options: [] });
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }

  /** Makes a folder in one step: it gets its name only when `build` says that all went well. */
  async #fill(target: string, build: (draft: string) => Promise<boolean>): Promise<void> {
    const draft = `${target}.partial`;
    this.#own(['rm', '--recursive', '--force', '--', draft]);
    this.#own(['mkdir', '--mode=750', draft]);
    try {
      if (await build(draft)) this.#own(['mv', '--no-target-directory', draft, target]);
    } finally {
      this.#own(['rm', '--recursive', '--force', '--', draft]);
    }
  }

  /** Hands files to the owner, who writes them: as its own, and open to nobody else. */
  async #hand({ from, names, to, options }: Handed): Promise<void> {
    const list = ['--null', '--verbatim-files-from', '--files-from=-'];
    const reader = spawn('tar', ['--create', ...options, `--directory=${from}`, ...list]);
    // Only what is asked for is taken from modes: 600 stays 600, 644 becomes 640.
    const unpack = 'umask 027; exec tar --extract --no-same-owner --no-same-permissions -C "$1"';
    const [command, ...args] = this.#ownersCommand(['sh', '-c', unpack, 'unpack', to]);
    const writer = spawn(command, args, { cwd: '/', stdio: ['pipe', 'ignore', 'pipe'] });
    const said = [textOf(reader.stderr), textOf(writer.stderr)];
    const ends = [endOf(reader), endOf(writer)];
    // What is broken off, is by the end of one of the two, which says more.
    const flows = [
      pipeline(Readable.from(names.map((name) => `${name}\0`)), reader.stdin),
      pipeline(reader.stdout, writer.stdin),
    ].map((flow) => flow.catch((error: unknown) => messageOf(error)));
    const [read, written, ...texts] = await Promise.all([...ends, ...said, ...flows]);
    if (read === '0' && written === '0') return;
    throw failure(to, texts.filter(Boolean).join(' ').trim());
  }

  #ownersCommand(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
    const [first, ...rest] = this.#asOwner;
    return first === undefined ? argv : [first, ...rest, ...argv];
  }

  #own(argv: readonly [string, ...string[]]): void {
    const [command, ...args] = this.#ownersCommand(argv);
    const ran = spawnSync(command, args, { encoding: 'utf8', cwd: '/' });
    if (ran.status !== 0) throw failure(this.#folder, ran.error?.message ?? ran.stderr.trim());
  }
}

function failure(folder: string, why: string): CodedError {
  return new CodedError(
    'PROGRAM_COPY_FAILED',
    `Copy of the program in '${folder}': could not be made (${why.split('\n').slice(-3).join(' ')}); make room or undo that and run the command again, or put the clone where user 'meridian' can read it.`,
  );
}

const isPackages = (name: string): boolean => name.startsWith('packages-');

/** The folders of packages: that of the root, and of workspaces that need another version. */
function packageFolders(clone: string): readonly string[] {
  const scope = path.join(clone, 'node_modules/@meridian');
  const workspaces = existsSync(scope)
    ? readdirSync(scope).map((name) =>
        path.join('node_modules/@meridian', readlinkSync(path.join(scope, name)), 'node_modules'),
      )
    : [];
  return ['node_modules', ...workspaces.filter((folder) => existsSync(path.join(clone, folder)))];
}

/** SHA-256, cut short, over names, modes and contents. */
function contentDigest(clone: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const found = lstatSync(path.join(clone, file), { throwIfNoEntry: false });
    if (found === undefined) continue;
    const content = found.isSymbolicLink()
      ? Buffer.from(readlinkSync(path.join(clone, file)))
      : readFileSync(path.join(clone, file));
    hash.update(`${file}\0${found.mode} ${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}

function endOf(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(String(code ?? signal)));
  });
}
