import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { Pool } from 'undici';
import { programFolder } from '../meridian/places.ts';
import { durationsOf } from './durations.ts';
import type { Durations } from './durations.ts';
import type { MeasuredRead } from './product.ts';

/** What is edited, and where an edit shows when it is served. */
interface Edit {
  readonly file: string;
  /** Taken for the edit's own text and itself. */
  readonly text: string;
  readonly target: string;
}

const CODE: Edit = {
  file: 'services/catalog/product-changes.ts',
  text: 'There is no product with the id',
  target: '/v1/products/none',
};
/** A comment of a contract, which the description of the API repeats. */
const CONTRACT: Edit = {
  file: 'services/catalog/contract/proto/meridian/catalog/v1/catalog.proto',
  text: 'Lists products in a stable order',
  target: '/openapi.json',
};

const CODE_EDITS = 20;
const CONTRACT_EDITS = 5;
const RATE_PER_SECOND = 50;
const ASK_EVERY_MS = 10;
/** Nobody edits faster; what one edit leaves to do is not counted with the next. */
const PAUSE_MS = 1_000;
const GIVE_UP_MS = 60_000;

/** The inner loop, under load. */
export interface DevMeasured {
  readonly edits: number;
  /** From a save of code until the edge answers with it. */
  readonly code: Durations;
  readonly contractEdits: number;
  /** From a save of a contract until the edge describes it. */
  readonly contract: Durations;
  readonly requests: number;
  readonly failed: number;
}

/**
 * Develops catalog by script, while reads come at a steady pace. Every file is put back.
 *
 * @throws {CodedError} DEV_NOT_SERVED when an edit is not served within a minute
 */
export async function measureDev({ origin, path: read, ca }: MeasuredRead): Promise<DevMeasured> {
  const pool = new Pool(origin, { connect: { ca }, connections: 16 });
  const development = await startDevelopment();
  const load = new SteadyReads(pool, read);
  try {
    const code = await measureEdits(pool, CODE, CODE_EDITS);
    const contract = await measureEdits(pool, CONTRACT, CONTRACT_EDITS);
    await delay(PAUSE_MS);
    const { requests, failed } = await load.stop();
    return {
      edits: CODE_EDITS,
      code: durationsOf(code),
      contractEdits: CONTRACT_EDITS,
      contract: durationsOf(contract),
      requests,
      failed,
    };
  } finally {
    await load.stop();
    development.kill('SIGINT');
    await once(development, 'exit');
    await pool.close();
  }
}

async function startDevelopment(): Promise<ChildProcess> {
  const main = path.join(programFolder, 'tools/meridian/main.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, 'dev', 'catalog'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('dev | watching')) {
      child.stdout.resume();
      return child;
    }
  }
  throw new CodedError(
    'COMMAND_FAILED',
    `'npm run dev' ended before it watched anything:\n${lines.slice(-10).join('\n')}`,
  );
}

/** Edits a file again and again; milliseconds of each until it is served. */
async function measureEdits(pool: Pool, edit: Edit, count: number): Promise<readonly number[]> {
  const file = path.join(programFolder, edit.file);
  const original = readFileSync(file, 'utf8');
  if (!original.includes(edit.text)) throw new Error(`${edit.file} has no '${edit.text}' to edit`);
  const elapsedMs: number[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const mark = `[edit ${index} of ${process.pid}]`;
      const savedAt = performance.now();
      save(file, original.replace(edit.text, `${mark} ${edit.text}`));
      await untilServed(pool, edit, (body) => body.includes(mark));
      elapsedMs.push(performance.now() - savedAt);
      await delay(PAUSE_MS);
    }
  } finally {
    save(file, original);
  }
  await untilServed(pool, edit, (body) => !body.includes(`of ${process.pid}]`));
  return elapsedMs;
}

/** As editors do: in one step. */
function save(file: string, text: string): void {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

async function untilServed(
  pool: Pool,
  { file, target }: Edit,
  isServed: (body: string) => boolean,
): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (performance.now() < deadline) {
    const { body } = await pool.request({ method: 'GET', path: target });
    if (isServed(await body.text())) return;
    await delay(ASK_EVERY_MS);
  }
  throw new CodedError(
    'DEV_NOT_SERVED',
    `Edit of ${file}: must be served within ${GIVE_UP_MS / 1_000} s, got the old; 'npm run dev -- catalog' says why`,
  );
}

/** Reads that are sent on time, whatever becomes of those before them. */
class SteadyReads {
  readonly #pending = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #requests = 0;
  #failed = 0;

  constructor(pool: Pool, target: string) {
    this.#timer = setInterval(() => {
      this.#requests += 1;
      const done = pool
        .request({ method: 'GET', path: target })
        .then(async ({ statusCode, body }) => {
          await body.dump();
          if (statusCode !== 200) this.#failed += 1;
        })
        .catch(() => {
          this.#failed += 1;
        })
        .finally(() => this.#pending.delete(done));
      this.#pending.add(done);
    }, 1_000 / RATE_PER_SECOND);
  }

  async stop(): Promise<{ readonly requests: number; readonly failed: number }> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    return { requests: this.#requests, failed: this.#failed };
  }
}
