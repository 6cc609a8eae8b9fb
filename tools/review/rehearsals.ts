import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSystemError } from '@meridian/language/thrown.ts';
import type { AskedOfEngine } from '../language-host/program-sandbox.ts';
import { fillFolder } from '../engines/cache.ts';
import type { StepMetadata } from '../meridian/rehearsal/engine-events.ts';
import type { ProtectedResource } from '../meridian/rehearsal/protected-data.ts';
import { Rehearsal } from '../meridian/rehearsal/rehearsal.ts';
import type { RehearsalOrder, RehearsalPrograms } from '../meridian/rehearsal/rehearsal.ts';
import { lastSteps } from '../meridian/rehearsal/last-steps.ts';
import { keepUsed } from './kept-folders.ts';
import { reviewFolder } from './review-cache.ts';
import type { SandboxWay } from './sandbox/sandboxed.ts';
import type { LaidOutTree } from './trees/lay-out-tree.ts';
import type { PreparedTree } from './trees/prepared-tree.ts';

/** What a program said of itself while it was rehearsed. */
export interface Rehearsed {
  readonly steps: readonly StepMetadata[];
  /** What it declares; hostile, as whatever a program writes. */
  readonly declared: unknown;
  readonly asked: AskedOfEngine;
}

/** Where and with what a stack is rehearsed. */
export interface RehearsalPlace {
  readonly stack: string;
  readonly programs: RehearsalPrograms;
  /** Folder of the judge: language host, providers that rehearse. */
  readonly judge: LaidOutTree;
  /** How a program is kept from the machine. */
  readonly sandbox: SandboxWay;
  /** Folder in which the states of bases are kept. */
  readonly cache: string;
}

/** A base that was deployed in a rehearsal, as it is kept for the next review. */
export interface KeptBase {
  /** Folder of its stack. */
  readonly kept: string;
  readonly declared: unknown;
  readonly protectedResources: readonly ProtectedResource[];
}

/** What was kept of a base beside its stack. */
const FACTS = 'facts.json';

/** One of staging has 17 MB. */
const KEPT_BASES = 10;

/**
 * Deploys a base in a rehearsal, or takes the one that an earlier review of the same tree by the same judge has kept.
 *
 * @throws {CodedError} REHEARSAL_REFUSED
 */
export async function deployedBase(place: RehearsalPlace, base: PreparedTree): Promise<KeptBase> {
  const { stack, programs, judge, cache } = place;
  const key = createHash('sha256')
    .update(
      JSON.stringify([
        judge.tree,
        base.tree,
        stack,
        programs.pulumi.version,
        programs.helm !== undefined,
      ]),
    )
    .digest('hex');
  const kept = path.join(reviewFolder(cache, 'bases'), key);
  await fillFolder(kept, async (folder) => {
    const rehearsal = await Rehearsal.create(stack, programs);
    try {
      const { declared } = await rehearse(rehearsal, 'up', place, base);
      const protectedResources = await rehearsal.unprotect({ folder: base.folder });
      rehearsal.keep(folder);
      writeFileSync(path.join(folder, FACTS), JSON.stringify({ declared, protectedResources }));
    } finally {
      rehearsal.remove();
    }
  });
  keepUsed(kept, KEPT_BASES);
  const facts = JSON.parse(readFileSync(path.join(kept, FACTS), 'utf8')) as Omit<KeptBase, 'kept'>;
  return { kept, ...facts };
}

/** What a program would make of a stack that is as its base left it; of an empty one where there is none. */
export async function overBase(
  place: RehearsalPlace,
  base: KeptBase | undefined,
  head: PreparedTree,
): Promise<Rehearsed> {
  const rehearsal =
    base === undefined
      ? await Rehearsal.create(place.stack, place.programs)
      : Rehearsal.from(base.kept, place.stack, place.programs);
  try {
    return await rehearse(rehearsal, 'preview', place, head);
  } finally {
    rehearsal.remove();
  }
}

/** What a program makes of nothing, as long as it is told of no output: its inputs follow from it alone. */
export async function fromNothing(place: RehearsalPlace, head: PreparedTree): Promise<Rehearsed> {
  const rehearsal = await Rehearsal.create(place.stack, place.programs);
  try {
    return await rehearse(rehearsal, 'preview', place, head, { outputs: 'unknown' });
  } finally {
    rehearsal.remove();
  }
}

async function rehearse(
  rehearsal: Rehearsal,
  command: 'up' | 'preview',
  { judge, sandbox }: RehearsalPlace,
  { folder, packages }: PreparedTree,
  order: Pick<RehearsalOrder, 'outputs'> = {},
): Promise<Rehearsed> {
  const told = rehearsal.folder(`declared-${command}`);
  const [declaredFile, askedFile] = [
    path.join(told, 'declared.json'),
    path.join(told, 'asked.json'),
  ];
  const events = await rehearsal.run(
    command,
    { folder },
    { ...order, declaredFile, sandbox: { way: sandbox, judge: judge.folder, packages, askedFile } },
  );
  return {
    steps: lastSteps(events),
    declared: written(declaredFile),
    asked: JSON.parse(readFileSync(askedFile, 'utf8')) as AskedOfEngine,
  };
}

/** What a program wrote, if that can be read: undefined is told as none. */
function written(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
