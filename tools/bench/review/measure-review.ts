import { CodedError } from '@meridian/language/coded-error.ts';
import type { RehearsalPrograms } from '../../meridian/rehearsal/rehearsal.ts';
import { bareProgram, deployed, inStack } from '../deploy/measure-deploy.ts';
import { durationsOf, timed } from '../durations.ts';
import { runMeridian } from '../run-meridian.ts';

/** How long `meridian review` takes, beside a preview of as many trivial resources by the same engine. */
export interface MeasuredReview {
  readonly stack: string;
  readonly rounds: number;
  readonly resources: number;
  /** Of a base that no review has met yet, once. */
  readonly firstSeconds: number;
  /** Of one that is kept; the median of all rounds. */
  readonly seconds: number;
  /** `pulumi up` of ConfigMaps that are there already; the median. */
  readonly bareSeconds: number;
}

/** What to review, and with what. */
export interface ReviewToMeasure {
  readonly stack: string;
  /** Folder of the clone, whose files are reviewed against its last commit. */
  readonly root: string;
  readonly programs: RehearsalPrograms;
  readonly rounds: number;
  /** Folder for what reviews keep, which is empty. */
  readonly cacheHome: string;
  /** Hears what is measured next. */
  readonly onStep: (what: string) => void;
}

/** Measures both in turns. Throws CodedError REVIEW_FAILED. */
export async function measureReview(given: ReviewToMeasure): Promise<MeasuredReview> {
  const { stack, rounds, onStep } = given;
  onStep(`reviews ${stack} against a base that is new to it`);
  let resources = 0;
  const first = await timed(async () => {
    resources = await reviewed(given);
  });
  const reviews: number[] = [];
  const floors: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    onStep(`reviews ${stack}, round ${round} of ${rounds}`);
    reviews.push(await timed(() => reviewed(given)));
    onStep(`deploys as many ConfigMaps, round ${round} of ${rounds}`);
    floors.push(await bareUnchanged(given, resources));
  }
  return {
    stack,
    rounds,
    resources,
    firstSeconds: first / 1_000,
    seconds: durationsOf(reviews).p50 / 1_000,
    bareSeconds: durationsOf(floors).p50 / 1_000,
  };
}

/** Asks for a review as a user does, and gives how many resources it was of. */
async function reviewed({ root, stack, cacheHome }: ReviewToMeasure): Promise<number> {
  const { exitCode, stdout } = await runMeridian(
    ['review', 'HEAD..WORKTREE', '--stack', stack, '--json'],
    { root, environment: { XDG_CACHE_HOME: cacheHome } },
  );
  const { reviews = [] } = JSON.parse(stdout || '{}') as {
    readonly reviews?: readonly { readonly totals?: Readonly<Record<string, number>> }[];
  };
  const totals = reviews[0]?.totals;
  if (totals === undefined) {
    throw new CodedError(
      'REVIEW_FAILED',
      `Stack '${stack}': must be reviewed to be measured, got exit code ${exitCode}; npm run review -- HEAD..WORKTREE --stack ${stack} says why`,
    );
  }
  return Object.values(totals).reduce((sum, count) => sum + count, 0);
}

async function bareUnchanged(given: ReviewToMeasure, resources: number): Promise<number> {
  return await inStack(given, async (rehearsal) => {
    const folder = bareProgram(rehearsal, given.root, resources);
    await deployed(rehearsal, folder, 'create');
    return (await deployed(rehearsal, folder, 'same')).ms;
  });
}
