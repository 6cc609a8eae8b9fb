import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { cacheFolder } from '../../tools/engines/cache.ts';
import { engineVersions } from '../../tools/engines/versions.ts';
import type { TreeHead } from '../../verifier/proofs.ts';

/** A case as tools/engines/log-judge reads it. */
export type JudgedCase =
  | {
      readonly kind: 'checkpoint' | 'cosign';
      readonly note: string;
      readonly key: string;
      readonly witnesses?: readonly JudgedWitness[];
    }
  | {
      readonly kind: 'inclusion';
      readonly index: number;
      readonly leafHash: Uint8Array;
      readonly head: TreeHead;
      readonly path: readonly Uint8Array[];
    }
  | {
      readonly kind: 'consistency';
      readonly older: TreeHead;
      readonly head: TreeHead;
      readonly path: readonly Uint8Array[];
    }
  | { readonly kind: 'log'; readonly folder: string; readonly key: string };

/** A witness by its name and the seed of its key. */
export interface JudgedWitness {
  readonly name: string;
  readonly seed: Uint8Array;
}

/** What others' implementations say of each case: "accepted", "refused: …" or a cosigned note. */
export function judge(cases: readonly JudgedCase[]): readonly string[] {
  const input = cases.map((each) => JSON.stringify(each, asGoReads)).join('\n');
  return run('log-judge', [], input).trimEnd().split('\n');
}

/** Writes a log by Tessera; the key is one that Go's note.NewSigner reads. */
export function writeByTessera(
  folder: string,
  signerKey: string,
  entries: readonly Uint8Array[],
): void {
  const argv = ['write', '--folder', folder, '--batch', '1000'];
  run('tessera-log', argv, JSON.stringify({ signerKey, entries }, asGoReads));
}

/** Go reads bytes as base64. Buffer has a toJSON of its own, which has made an object of it by now. */
function asGoReads(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'object' && value !== null && 'type' in value && 'data' in value) {
    return Buffer.from(value.data as readonly number[]).toString('base64');
  }
  return value;
}

function run(name: 'log-judge' | 'tessera-log', argv: readonly string[], input: string): string {
  const { version } = engineVersions[name];
  const file = path.join(cacheFolder(), name, version, 'bin', name);
  const { status, stdout, stderr, error } = spawnSync(file, argv, {
    ...{ input, encoding: 'utf8', maxBuffer: 2 ** 28 },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return stdout;
}
