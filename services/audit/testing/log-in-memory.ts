import type { KeyObject } from 'node:crypto';
import { encodeBundle, tilePath, widthOf } from '@meridian/verifier/tiles.ts';
import { encodeLeaf } from '../leaf.ts';
import { signCheckpoint } from '../log/checkpoint-note.ts';
import { hashLeaf, TILE_WIDTH } from '../log/merkle.ts';
import type { StoredEvent } from '../stored-event.ts';
import { TreeInMemory } from './tree-in-memory.ts';

/** A log as the service seals and signs it, by the paths of C2SP tlog-tiles; batches have random sizes. */
export function logInMemory(
  events: readonly StoredEvent[],
  key: { readonly origin: string; readonly privateKey: KeyObject },
): { readonly tree: TreeInMemory; readonly resources: ReadonlyMap<string, Uint8Array> } {
  const leaves = events.map(encodeLeaf);
  const tree = new TreeInMemory();
  for (let at = 0; at < leaves.length;) {
    const end = Math.min(at + 1 + Math.floor(Math.random() * 3000), leaves.length);
    tree.append(leaves.slice(at, end).map(hashLeaf));
    at = end;
  }
  const { size, root, edge } = tree.tree;
  const checkpoint = signCheckpoint(
    { origin: key.origin, size: BigInt(size), root },
    key.privateKey,
  );
  const resources = new Map<string, Uint8Array>([['checkpoint', Buffer.from(checkpoint)]]);
  for (const [place, hashes] of tree.full) {
    const [level = 0, index = 0] = place.split('/').map(Number);
    resources.set(tilePath(level, index, TILE_WIDTH), hashes);
  }
  for (const [level, hashes] of edge.entries()) {
    const index = Math.floor(size / TILE_WIDTH ** (level + 1));
    if (hashes.length > 0)
      resources.set(tilePath(level, index, widthOf(level, index, size)), hashes);
  }
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const part = leaves.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);
    resources.set(tilePath('entries', index, part.length), encodeBundle(part));
  }
  return { tree, resources };
}
