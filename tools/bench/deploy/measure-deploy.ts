import { timed } from '../durations.ts';
import type { EngineEvent } from '../../meridian/rehearsal/engine-events.ts';
import { Rehearsal } from '../../meridian/rehearsal/rehearsal.ts';
import type { RehearsalPrograms } from '../../meridian/rehearsal/rehearsal.ts';
import { writeBareProgram } from './bare-program.ts';

/** How long `pulumi up` took for how many resources. */
export interface DeployedResources {
  readonly resources: number;
  /** The median of all rounds. */
  readonly seconds: number;
}

/** One program, deployed where nothing is yet, and again. */
export interface DeployedProgram {
  readonly fromNothing: DeployedResources;
  readonly unchanged: DeployedResources;
}

/** `pulumi up` of a stack, rehearsed, beside the same engine and provider with as many trivial resources. */
export interface MeasuredDeployment {
  readonly stack: string;
  readonly rounds: number;
  readonly rehearsed: DeployedProgram;
  readonly bare: DeployedProgram;
}

/** What to deploy, and with what. */
export interface DeploymentToMeasure {
  readonly stack: string;
  /** Folder of the clone. */
  readonly root: string;
  readonly programs: RehearsalPrograms;
  readonly rounds: number;
  /** Hears what is measured next. */
  readonly onStep: (what: string) => void;
}

/** One deployment. */
export interface Deployed {
  readonly resources: number;
  readonly ms: number;
}

/** Both deployments of one program in one round. */
export type Round = readonly [fromNothing: Deployed, unchanged: Deployed];

/** Measures both in turns, each round in stacks of its own. Throws CodedError REHEARSAL_REFUSED. */
export async function measureDeployment(given: DeploymentToMeasure): Promise<MeasuredDeployment> {
  const { stack, root, rounds, onStep } = given;
  const rehearsed: Round[] = [];
  const bare: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    onStep(`rehearses ${stack}, round ${round} of ${rounds}`);
    const ours = await inStack(given, (rehearsal) => deployedTwice(rehearsal, root));
    rehearsed.push(ours);
    onStep(`deploys as many ConfigMaps, round ${round} of ${rounds}`);
    const floor = await inStack(given, (rehearsal) =>
      deployedTwice(rehearsal, bareProgram(rehearsal, root, ours[0].resources)),
    );
    bare.push(floor);
  }
  return { stack, rounds, rehearsed: programOf(rehearsed), bare: programOf(bare) };
}

/** Uses a stack of its own, in which nothing is yet. */
export async function inStack<T>(
  { stack, programs }: Pick<DeploymentToMeasure, 'stack' | 'programs'>,
  use: (rehearsal: Rehearsal) => Promise<T>,
): Promise<T> {
  const rehearsal = await Rehearsal.create(stack, programs);
  try {
    return await use(rehearsal);
  } finally {
    rehearsal.remove();
  }
}

/** A folder with a program of as many resources as a stack has; the stack itself is a resource of each program. */
export function bareProgram(rehearsal: Rehearsal, root: string, resources: number): string {
  const folder = rehearsal.folder('bare');
  writeBareProgram(folder, root, resources - 1);
  return folder;
}

/** Deploys a program into an empty stack, and again. Throws Error where that changes something. */
export async function deployedTwice(rehearsal: Rehearsal, folder: string): Promise<Round> {
  return [await deployed(rehearsal, folder, 'create'), await deployed(rehearsal, folder, 'same')];
}

/** Deploys a program once. Throws Error where anything but that becomes of a resource. */
export async function deployed(
  rehearsal: Rehearsal,
  folder: string,
  expected: 'create' | 'same',
): Promise<Deployed> {
  let events: readonly EngineEvent[] = [];
  const ms = await timed(async () => {
    events = await rehearsal.run('up', { folder });
  });
  const told = events.find(({ summaryEvent }) => summaryEvent !== undefined);
  const changes = told?.summaryEvent?.resourceChanges ?? {};
  const { [expected]: resources = 0, ...others } = changes;
  if (resources === 0 || Object.values(others).some((count) => count > 0)) {
    throw new Error(`all resources must be '${expected}', got ${JSON.stringify(changes)}`);
  }
  return { resources, ms };
}

function programOf(rounds: readonly Round[]): DeployedProgram {
  return {
    fromNothing: middleOf(rounds.map(([fromNothing]) => fromNothing)),
    unchanged: middleOf(rounds.map(([, unchanged]) => unchanged)),
  };
}

function middleOf(all: readonly Deployed[]): DeployedResources {
  const sorted = all.toSorted((one, other) => one.ms - other.ms);
  const { resources, ms } = sorted[Math.floor(sorted.length / 2)] ?? { resources: 0, ms: 0 };
  return { resources, seconds: ms / 1_000 };
}
