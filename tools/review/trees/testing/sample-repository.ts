import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A repository of git in a temporary folder, and a cache beside it. */
export class SampleRepository implements Disposable {
  readonly folder: string;
  readonly cache: string;
  readonly #root: string;

  constructor(files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' }) {
    this.#root = mkdtempSync(path.join(tmpdir(), 'meridian-repository-'));
    this.folder = path.join(this.#root, 'clone');
    this.cache = path.join(this.#root, 'cache');
    mkdirSync(this.folder);
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit(files);
  }

  write(file: string, content: string): void {
    const target = path.join(this.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  /** Writes files and commits all that there is; gives the commit. */
  commit(files: Readonly<Record<string, string>> = {}): string {
    for (const [file, content] of Object.entries(files)) this.write(file, content);
    this.git('add', '--all', '--force');
    this.git('commit', '--quiet', '--allow-empty', '--message=A change');
    return this.git('rev-parse', 'HEAD');
  }

  /** Runs git and gives what it prints. Throws Error when it fails. */
  git(...args: readonly string[]): string {
    return this.gitWith('', ...args);
  }

  /** Runs git with a standard input. Throws Error when it fails. */
  gitWith(input: string | Buffer, ...args: readonly string[]): string {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
    const { status, stdout, stderr } = spawnSync('git', [...who, ...args], {
      cwd: this.folder,
      input,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** A commit of a tree that is written by hand, as git itself would not write it. */
  commitTree(
    ...entries: readonly { mode: string; name: string | Buffer; object: string }[]
  ): string {
    const tree = Buffer.concat(
      entries.map(({ mode, name, object }) =>
        Buffer.concat([
          Buffer.from(`${mode} `),
          Buffer.from(name),
          Buffer.of(0),
          Buffer.from(object, 'hex'),
        ]),
      ),
    );
    const written = this.gitWith(tree, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin');
    return this.git('commit-tree', written, '-m', 'By hand');
  }

  /** Keeps a content and gives its hash. */
  blob(content: string): string {
    return this.gitWith(content, 'hash-object', '-w', '--stdin');
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
