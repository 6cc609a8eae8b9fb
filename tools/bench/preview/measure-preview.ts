import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { RehearsalPrograms } from '../../meridian/rehearsal/rehearsal.ts';
import { residentBytes } from '../../review/sandbox/resident-memory.ts';
import { bareProgram, inStack } from '../deploy/measure-deploy.ts';
import { durationsOf, timed } from '../durations.ts';
import { runMeridian } from '../run-meridian.ts';

/** How long an offline preview takes, beside what it is made of. */
export interface MeasuredPreview {
  readonly stack: string;
  readonly rounds: number;
  readonly resources: number;
  /** `meridian preview` of a stack that is nowhere yet; the median of all rounds, as the others. */
  readonly seconds: number;
  /** What its processes hold of their own, at the most, in MiB. */
  readonly memoryMiB: number;
  /** `meridian render`: the stack lowered and its objects written by cdk8s, without an engine. */
  readonly renderSeconds: number;
  readonly renderMemoryMiB: number;
  /** A preview of as many ConfigMaps by the same engine and provider. */
  readonly bareSeconds: number;
}

/** What to preview, and with what. */
export interface PreviewToMeasure {
  readonly stack: string;
  /** Folder of the clone. */
  readonly root: string;
  readonly programs: RehearsalPrograms;
  readonly rounds: number;
  /** An empty folder, for what is rendered. */
  readonly folder: string;
  /** Hears what is measured next. */
  readonly onStep: (what: string) => void;
}

/** How often memory is looked at, in milliseconds: a peak that is shorter may be missed. */
const LOOK_EVERY_MS = 100;

/** Measures all three in turns. Throws CodedError COMMAND_FAILED. */
export async function measurePreview(given: PreviewToMeasure): Promise<MeasuredPreview> {
  const { stack, rounds, folder, onStep } = given;
  const [previews, renders, floors]: [Run[], Run[], number[]] = [[], [], []];
  let resources = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const of = `round ${round} of ${rounds}`;
    onStep(`previews ${stack}, ${of}`);
    const preview = await run(given, ['preview', '--stack', stack, '--json']);
    resources = (JSON.parse(preview.stdout) as { readonly resources: readonly unknown[] }).resources
      .length;
    previews.push(preview);
    onStep(`renders ${stack}, ${of}`);
    const out = path.join(folder, String(round));
    renders.push(await run(given, ['render', '--stack', stack, '--out', out]));
    onStep(`previews as many ConfigMaps, ${of}`);
    floors.push(await bare(given, resources));
  }
  const seconds = (ms: readonly number[]): number => durationsOf(ms).p50 / 1_000;
  return {
    ...{ stack, rounds, resources },
    seconds: seconds(previews.map(({ ms }) => ms)),
    memoryMiB: durationsOf(previews.map(({ peakMiB }) => peakMiB)).p50,
    renderSeconds: seconds(renders.map(({ ms }) => ms)),
    renderMemoryMiB: durationsOf(renders.map(({ peakMiB }) => peakMiB)).p50,
    bareSeconds: seconds(floors),
  };
}

interface Run {
  readonly ms: number;
  readonly peakMiB: number;
  readonly stdout: string;
}

/** Runs a command as a user does. */
async function run({ root }: PreviewToMeasure, args: readonly string[]): Promise<Run> {
  let peak = 0;
  let stdout = '';
  const onStart = (pid: number) => {
    const looks = setInterval(() => {
      peak = Math.max(peak, residentBytes(pid));
    }, LOOK_EVERY_MS);
    return () => {
      clearInterval(looks);
    };
  };
  const ms = await timed(async () => {
    const ended = await runMeridian(args, { root, onStart });
    if (ended.exitCode !== 0) {
      throw new CodedError(
        'COMMAND_FAILED',
        `Command 'meridian ${args.join(' ')}': must end with exit code 0 to be measured, got ${ended.exitCode}; run it by itself, it says why`,
      );
    }
    stdout = ended.stdout;
  });
  return { ms, peakMiB: peak / 1024 / 1024, stdout };
}

async function bare(given: PreviewToMeasure, resources: number): Promise<number> {
  return await inStack(given, async (rehearsal) => {
    const folder = bareProgram(rehearsal, given.root, resources);
    return await timed(async () => {
      await rehearsal.run('preview', { folder });
    });
  });
}
