import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const DIAGNOSTIC = /^\S.*\(\d+,\d+\): error TS\d+: /;
const ROUND_ENDS = /Found (\d+) errors?\. Watching for file changes\.$/;

/** What of the compiler's reports is news: it repeats all that is wrong after each change. */
export class TypeNews {
  #known: ReadonlySet<string> = new Set();
  #round: string[] = [];

  /** Takes a line of the compiler's; returns what there is to say. */
  take(line: string): readonly string[] {
    if (DIAGNOSTIC.test(line)) this.#round.push(line);
    // More about the diagnostic before it.
    else if (line.startsWith('  ') && this.#round.length > 0) {
      this.#round.push(`${this.#round.pop() ?? ''}\n${line}`);
    } else if (ROUND_ENDS.test(line)) return this.#end();
    return [];
  }

  #end(): readonly string[] {
    const [before, now] = [this.#known, new Set(this.#round)];
    this.#known = now;
    this.#round = [];
    const fresh = [...now].filter((diagnostic) => !before.has(diagnostic));
    const gone = [...before].filter((diagnostic) => !now.has(diagnostic)).length;
    if (gone > 0 && now.size === 0) return ['no errors any more'];
    return gone > 0 ? [...fresh, `${gone} gone, ${now.size} left`] : fresh;
  }
}

/** The compiler, beside everything else: nothing waits for it, and it comes after what is under way. */
export class TypeChecker {
  readonly #child: ChildProcess;

  /** @param say is told what is new */
  constructor(root: string, say: (line: string) => void) {
    const news = new TypeNews();
    const child = spawn(
      process.execPath,
      [
        path.join(root, 'node_modules/typescript/bin/tsc'),
        ...['-p', path.join(root, 'tsconfig.json')],
        ...['--watch', '--preserveWatchOutput', '--pretty', 'false'],
      ],
      { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    createInterface({ input: child.stdout }).on('line', (line) => {
      for (const text of news.take(line)) say(text);
    });
    child.once('error', (error) => say(`cannot be checked: ${error.message}`));
    this.#child = child;
  }

  close(): void {
    this.#child.kill();
  }
}
