import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { leavesOf } from '@meridian/verifier/tiles.ts';
import { RpcLog } from './rpc-log.ts';

const BUNDLE = 256;
const LEAVES = 2000;
const leaf = (at: number): Buffer => Buffer.from(`leaf ${at}`);

/** Answers with pages of 1,000 leaves; those that are asked for in one turn of the event loop come at once. */
function servedLeaves() {
  const served: string[] = [];
  let turn: Promise<unknown> | undefined;
  const listLeaves = async ({ startIndex }: { readonly startIndex?: bigint }) => {
    await (turn ??= nextTurn());
    turn = undefined;
    const start = Number(startIndex);
    const length = Math.min(1000, LEAVES - start);
    const leaves = Array.from({ length }, (_, at) => leaf(start + at));
    served.push(...leaves.map(String));
    return { leaves };
  };
  return { served, audit: { listLeaves } as unknown as ConstructorParameters<typeof RpcLog>[0] };
}

test('bundles that are asked for at once are each right, and no leaf is read twice', async () => {
  const { served, audit } = servedLeaves();
  const log = new RpcLog(audit, '', new AbortController().signal);
  const widths = Array.from({ length: 8 }, (_, at) => Math.min(BUNDLE, LEAVES - at * BUNDLE));
  const bundles = await Promise.all(widths.map((width, index) => log.entries(index, width)));
  const read = bundles.flatMap((bundle, at) =>
    leavesOf(bundle ?? Buffer.of(), widths[at] ?? 0, 'bundle').map(String),
  );
  const all = Array.from({ length: LEAVES }, (_, at) => String(leaf(at)));
  expect(read).toEqual(all);
  // But for the rest of a bundle that two pages share.
  expect(served.length).toBeLessThan(LEAVES + 2 * BUNDLE);
});
