import { setTimeout as delay } from 'node:timers/promises';
import { toJson } from '@bufbuild/protobuf';
import { CodedError } from '@meridian/language/coded-error.ts';
import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import {
  IndexRebuildPhase,
  IndexRebuildSchema,
  SearchService,
} from '../contract/gen/meridian/search/v1/search_pb.js';
import type { searchRebuild } from './task.ts';
import { hasDied, progressLine } from './progress-line.ts';

const LOOK_INTERVAL_MS = 500;
const TIMEOUT_MS = 20_000;

// Progress goes to standard error; one line of JSON, which `meridian search` reads, to standard output.
await runTask(async (runtime, signal) => {
  const { search } = createClients<typeof searchRebuild>(runtime, { search: SearchService });
  const options = { timeoutMs: TIMEOUT_MS, signal };
  let { rebuild } = await search.rebuildIndex({}, options).catch((error: unknown) => {
    const runs = error instanceof RpcError && error.status === 'FAILED_PRECONDITION';
    if (!runs) throw error;
    throw new CodedError(
      'INDEX_REBUILD_RUNS',
      `Index of search: no other rebuild may run, and ${error.message}; wait until it is done, or half a minute if it has died`,
      { cause: error },
    );
  });
  const id = rebuild?.rebuildId;
  for (let shown = ''; rebuild !== undefined && rebuild.rebuildId === id;) {
    const line = progressLine(rebuild);
    if (line !== shown) process.stderr.write(`${line}\n`);
    shown = line;
    const { phase } = rebuild;
    if (phase === IndexRebuildPhase.DONE) break;
    if (phase === IndexRebuildPhase.FAILED || hasDied(rebuild, new Date())) break;
    await delay(LOOK_INTERVAL_MS, undefined, { signal });
    ({ rebuild } = await search.getIndexRebuild({}, options));
  }
  if (rebuild?.rebuildId !== id || rebuild?.phase !== IndexRebuildPhase.DONE) {
    const reason = rebuild?.error === '' ? 'its replica is gone' : rebuild?.error;
    throw new CodedError(
      'INDEX_REBUILD_FAILED',
      `Index of search: must be whole to take over, got '${reason ?? 'nothing'}'; the index before it is in use, see 'npm run logs -- search'`,
    );
  }
  process.stdout.write(`${JSON.stringify(toJson(IndexRebuildSchema, rebuild))}\n`);
});
