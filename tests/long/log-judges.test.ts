import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeLeaf } from '../../services/audit/leaf.ts';
import type { Range } from '../../services/audit/log/merkle.ts';
import { consistencyRanges, inclusionRanges } from '../../services/audit/log/merkle.ts';
import { rangeRoot } from '../../services/audit/log/tile-store.ts';
import type { StoredEvent } from '../../services/audit/stored-event.ts';
import { logInMemory } from '../../services/audit/testing/log-in-memory.ts';
import { TreeInMemory } from '../../services/audit/testing/tree-in-memory.ts';
import { openCheckpoint } from '../../verifier/checkpoint.ts';
import { FolderLog } from '../../verifier/folder-log.ts';
import { hashLeaf } from '../../verifier/hashing.ts';
import { verifyConsistency, verifyInclusion } from '../../verifier/proofs.ts';
import { parseVerifierKey } from '../../verifier/signed-note.ts';
import { headsOf, someEvent } from '../../verifier/testing/memory-log.ts';
import { ReferenceTree } from '../../verifier/testing/reference-tree.ts';
import { randomBelow } from '../../verifier/testing/tampering.ts';
import { TestSigner } from '../../verifier/testing/test-signer.ts';
import { subtreesAt, TILE_WIDTH, tilePath, widthOf } from '../../verifier/tiles.ts';
import { VerificationError } from '../../verifier/verification-error.ts';
import { verifyLog } from '../../verifier/verify-log.ts';
import type { JudgedCase } from './log-judges.ts';
import { judge, writeByTessera } from './log-judges.ts';

const minutes = 60_000;

const log = new TestSigner('meridian.example/audit/1');
const witness = new TestSigner('witness.example/w1', 4);
const policy = { keys: [parseVerifierKey(log.vkey)] };
const witnessed = { ...policy, witnesses: [parseVerifierKey(witness.vkey)] };
const below = randomBelow(5);

/** What the verifier says, in the judges' words. */
function verdict(work: () => unknown): 'accepted' | 'refused' {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof VerificationError) return 'refused';
    throw error;
  }
}

const short = (said: readonly string[]) => said.map((each) => each.replace(/:.*/s, ''));

function flipped(bytes: Uint8Array): Buffer {
  const result = Buffer.from(bytes);
  const at = below(result.length);
  result[at] = (result[at] ?? 0) ^ (1 << below(8));
  return result;
}

/** Go reads a second spelling of a signature's last byte as well, which the verifier refuses. */
function flippedButForItsEnd(note: string): string {
  return flipped(Buffer.from(note.slice(0, -4))).toString() + note.slice(-4);
}

describe('others and the verifier say the same', () => {
  test('of signed heads', () => {
    const root = Buffer.alloc(32, 5);
    const right = log.checkpoint(12, root);
    const text = right.slice(0, right.indexOf('\n\n') + 1);
    const notes = [
      ...[right, log.checkpoint(12, root, witness), log.note(`${text}extension\n`)],
      ...[log.note(text.replace('12', '012')), log.note(text.replace('12', '+12'))],
      ...[log.note(text.replace(log.name, 'other.example')), log.note(`${log.name}\n12\n`)],
      ...[log.note(text.replace('12', '1'.repeat(30))), log.note(text.replace(/\n$/, 'AAAA\n'))],
      ...[right.replace('12', '13'), new TestSigner(log.name).checkpoint(12, root), text],
      ...Array.from({ length: 500 }, () => flippedButForItsEnd(right)),
    ];
    const cases = notes.map((note): JudgedCase => ({ kind: 'checkpoint', note, key: log.vkey }));
    const ours = notes.map((note) => verdict(() => openCheckpoint(note, policy)));
    expect(ours.slice(0, 12)).toEqual([
      ...Array<string>(3).fill('accepted'),
      ...Array<string>(9).fill('refused'),
    ]);
    expect(short(judge(cases))).toEqual(ours);
  });

  test('of cosignatures, of which each accepts those of the other', () => {
    const note = log.checkpoint(12, Buffer.alloc(32, 5));
    const by = { key: log.vkey, witnesses: [{ name: witness.name, seed: witness.seed }] };
    const ours = log.checkpoint(12, Buffer.alloc(32, 5), witness);
    const [cosigned = '', ...said] = judge([
      { kind: 'cosign', note, ...by },
      { kind: 'checkpoint', note: ours, ...by },
      { kind: 'checkpoint', note, ...by },
      { kind: 'checkpoint', note: ours.replace(/.{20}\n$/, '$&').replace('12', '13'), ...by },
    ]);
    expect(short(said)).toEqual(['accepted', 'refused', 'refused']);
    expect(openCheckpoint(JSON.parse(cosigned) as string, witnessed).signatures).toHaveLength(2);
  });

  test('of inclusion and consistency, of right proofs and of others', () => {
    const leaves = Array.from({ length: 1000 }, (_, at) => Buffer.from(`leaf ${at}`));
    const tree = new ReferenceTree(leaves);
    const head = (size: number) => ({ size, root: tree.root(size) });
    const hashes = leaves.map(hashLeaf);
    const served = new TreeInMemory();
    served.append(hashes.map((hash) => Buffer.from(hash)));
    const serve = (ranges: readonly Range[]) =>
      ranges.map((range) => rangeRoot(served, range) ?? Buffer.of());
    const cases: JudgedCase[] = [];
    const ours: string[] = [];
    let right = 0;
    for (let time = 0; time < 20_000; time += 1) {
      const size = 1 + below(time % 2 === 0 ? 70 : leaves.length);
      const index = below(size);
      const wrong = below(2) === 0;
      right += wrong ? 0 : 1;
      const change = (hashes: readonly Uint8Array[]): readonly Uint8Array[] => {
        if (!wrong) return hashes;
        const at = below(hashes.length + 1);
        return (
          [
            hashes.toSpliced(at, 1),
            hashes.toSpliced(at, 0, tree.root(size)),
            hashes.map((each, place) => (place === at ? flipped(each) : each)),
          ][below(3)] ?? []
        );
      };
      const of = wrong && below(4) === 0 ? Math.min(size + 1, leaves.length) : size;
      if (below(2) === 0) {
        const at = wrong && below(4) === 0 ? below(size + 2) : index;
        const path = change(serve(inclusionRanges(index, size)));
        const leafHash = hashes[index] ?? Buffer.of();
        cases.push({ kind: 'inclusion', index: at, leafHash, head: head(of), path });
        ours.push(verdict(() => verifyInclusion(leafHash, { index: at, path }, head(of))));
      } else {
        const older = head(1 + index);
        const path = change(serve(consistencyRanges(older.size, size)));
        cases.push({ kind: 'consistency', older, head: head(of), path });
        ours.push(verdict(() => verifyConsistency(older, head(of), path)));
      }
    }
    expect(short(judge(cases))).toEqual(ours);
    // Some changes make no difference, such as that of a proof without hashes.
    expect(ours.filter((each) => each === 'accepted').length).toBeGreaterThanOrEqual(right);
    expect(ours.filter((each) => each === 'refused').length).toBeGreaterThan(7000);
  });
});

/** Three levels of tiles, each with a partial one. */
const SIZE = 70_000;
const events = Array.from({ length: SIZE }, (_, at): StoredEvent => {
  const { causation, correlation, version = 1, time, ...event } = someEvent(at);
  const ids = { causationId: causation, correlationId: correlation };
  return { ...event, ...ids, version: BigInt(version), time: new Date(time) };
});
const leaves = events.map(encodeLeaf);
const [head = { size: 0, root: Buffer.of() }] = headsOf(leaves, [SIZE]);

/** A tile or bundle that a tree of this size needs, any level as likely. */
function someResource(): { readonly name: string; readonly place: object } {
  const level = below(4) - 1;
  const index = below(Math.ceil(subtreesAt(Math.max(level, 0), SIZE) / TILE_WIDTH));
  const width = widthOf(Math.max(level, 0), index, SIZE);
  const name = tilePath(level < 0 ? 'entries' : level, index, width);
  return { name, place: level < 0 ? {} : { kind: 'tile', level, index } };
}

describe.each([
  ['the audit service', false],
  ['Tessera', true],
])('a log written by %s', (_writer, byTessera) => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  const judged = () => short(judge([{ kind: 'log', folder, key: log.vkey }]));
  const found = async () => {
    const note = readFileSync(file('checkpoint'));
    const source = new FolderLog(folder);
    return (await verifyLog({ source, head: openCheckpoint(note, policy) })).findings;
  };

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'log-judges-'));
    if (byTessera) {
      writeByTessera(folder, log.signerKey, leaves);
      return;
    }
    const { resources } = logInMemory(events, { origin: log.name, privateKey: log.privateKey });
    for (const [name, bytes] of resources) {
      mkdirSync(path.dirname(file(name)), { recursive: true });
      writeFileSync(file(name), bytes);
    }
  }, 5 * minutes);

  afterAll(() => rmSync(folder, { recursive: true }));

  test('is accepted by both, with the root that its leaves have', async () => {
    expect(judged()).toEqual(['accepted']);
    expect(await found()).toEqual([]);
    const { root, size } = openCheckpoint(readFileSync(file('checkpoint')), policy);
    expect({ size, root: Buffer.from(root) }).toEqual({ size: SIZE, root: Buffer.from(head.root) });
  });

  test(
    'is refused by both with any bit of a tile or bundle turned, and its place named',
    async () => {
      for (let time = 0; time < 50; time += 1) {
        const { name, place } = someResource();
        const bytes = readFileSync(file(name));
        writeFileSync(file(name), flipped(bytes));
        const said = { name, judged: judged(), found: await found() };
        writeFileSync(file(name), bytes);
        expect(said).toEqual({ name, judged: ['refused'], found: expect.anything() });
        expect(said.found).toMatchObject([place]);
      }
    },
    20 * minutes,
  );

  test(
    'is refused by both with anything cut or removed, or another head',
    async () => {
      for (let time = 0; time < 20; time += 1) {
        const { name } = someResource();
        const bytes = readFileSync(file(name));
        if (time % 2 === 0) rmSync(file(name));
        else writeFileSync(file(name), bytes.subarray(0, below(bytes.length)));
        const said = { name, judged: judged(), found: await found() };
        writeFileSync(file(name), bytes);
        expect(said).toMatchObject({ judged: ['refused'], found: [{ kind: 'unreadable' }] });
      }
      const note = readFileSync(file('checkpoint'));
      writeFileSync(file('checkpoint'), note.toString().replace(String(SIZE), String(SIZE - 1)));
      expect(judged()).toEqual(['refused']);
      await expect(found()).rejects.toMatchObject({ code: 'SIGNATURE_WRONG' });
      writeFileSync(file('checkpoint'), log.checkpoint(SIZE, hashLeaf(Buffer.of())));
      expect(judged()).toEqual(['refused']);
      expect(await found()).toMatchObject([{ kind: 'leaves', first: 0, last: SIZE - 1 }]);
      writeFileSync(file('checkpoint'), note);
    },
    5 * minutes,
  );
});
