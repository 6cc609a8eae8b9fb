import { gitFailure, startGit } from './git.ts';
import type { Repository } from './git.ts';

/**
 * The content of each object, in the order in which they are named: bytes as they were committed. No filter, line
 * ending, encoding or `export-ignore` that a `.gitattributes` speaks of has any part in it, as in a checkout or an
 * archive it would.
 *
 * @throws {CodedError} COMMAND_FAILED where one is missing
 */
export async function* contents(
  repository: Repository,
  objects: readonly string[],
): AsyncGenerator<Buffer> {
  const args = ['cat-file', '--batch', '--buffer'];
  const child = startGit(repository, args);
  const told: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => told.push(chunk));
  child.stdin.on('error', () => undefined).end(objects.map((object) => `${object}\n`).join(''));
  const output = new Taken(child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  try {
    for (const object of objects) {
      // `<object> SP <type> SP <size> LF <contents> LF` (git-cat-file(1), "Batch output").
      const header = await output.line();
      const [, type, size] = header.split(' ');
      if (type !== 'blob') {
        throw gitFailure(args, `'${header}' for ${object}`, told.join(''));
      }
      yield await output.bytes(Number(size));
      await output.bytes(1);
    }
  } finally {
    child.kill();
  }
}

/** A stream of which lines and numbers of bytes are taken in turn. */
class Taken {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  /** The next bytes; fewer at the end. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#heldBytes < count && (await this.#more()));
    const all = Buffer.concat(this.#held);
    this.#hold(all.subarray(count));
    return all.subarray(0, count);
  }

  /** The next line without its end; what there is at the end. */
  async line(): Promise<string> {
    let all = Buffer.concat(this.#held);
    while (!all.includes(10) && (await this.#more())) all = Buffer.concat(this.#held);
    const end = all.indexOf(10);
    this.#hold(all.subarray(end < 0 ? all.length : end + 1));
    return all.subarray(0, end < 0 ? all.length : end).toString();
  }

  #hold(rest: Buffer): void {
    this.#held = [rest];
    this.#heldBytes = rest.length;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#held.push(next.value);
    this.#heldBytes += next.value.length;
    return true;
  }
}
