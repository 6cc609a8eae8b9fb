import { parse } from 'yaml';

/** A step of a job, as GitHub's workflow syntax has it. */
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly 'runs-on'?: unknown;
  readonly environment?: unknown;
  readonly 'timeout-minutes'?: unknown;
  readonly permissions?: unknown;
  readonly steps?: readonly Step[];
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  /** As it is written. */
  readonly text: string;
  readonly name?: unknown;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Reads a workflow. */
export function workflowOf(text: string): Workflow {
  const read = parse(text) as Omit<Workflow, 'text' | 'on'> & { readonly on: unknown };
  const { on } = read;
  const triggers = typeof on === 'string' ? [on] : on;
  return {
    ...read,
    text,
    on: Array.isArray(triggers)
      ? Object.fromEntries(triggers.map((trigger) => [String(trigger), null]))
      : (triggers as Workflow['on']),
  };
}

const jobsOf = ({ jobs }: Workflow): readonly Job[] => Object.values(jobs);
const stepsOf = (workflow: Workflow): readonly Step[] =>
  jobsOf(workflow).flatMap(({ steps = [] }) => steps);
const stepsOfAction = (workflow: Workflow, action: string): readonly Step[] =>
  stepsOf(workflow).filter(({ uses }) => uses?.startsWith(`${action}@`));

const writes = (permissions: unknown): boolean =>
  typeof permissions === 'string'
    ? permissions !== 'read-all'
    : Object.values(permissions ?? {}).includes('write');

/** Whether code that is not merged yet decides what runs, or is what runs. */
const isOfChange = ({ on }: Workflow): boolean => 'pull_request' in on;
const isAfterChange = ({ on }: Workflow): boolean => 'workflow_run' in on;

/** What must hold of every workflow, by why: each says whether it does. */
export const workflowRules: Readonly<Record<string, (workflow: Workflow) => boolean>> = {
  'actions are pinned by commit, with their version, as a tag is moved by whoever has its repository':
    (workflow) =>
      (workflow.text.match(/^\s*(- )?uses:.*$/gm) ?? []).every((line) =>
        /uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line),
      ),
  'nothing runs with the rights of the base for a change': ({ on }) =>
    !('pull_request_target' in on),
  'nobody has a right that a job does not name': (workflow) =>
    JSON.stringify(workflow.permissions) === '{}' &&
    jobsOf(workflow).every(({ permissions }) => typeof permissions === 'object'),
  'what runs for a change can write nothing, and is given no secret': (workflow) =>
    !isOfChange(workflow) ||
    (!jobsOf(workflow).some(({ permissions }) => writes(permissions)) &&
      !/\$\{\{[^}]*\bsecrets\b/.test(workflow.text)),
  'no expression stands in a script, where its value would be code': (workflow) =>
    stepsOf(workflow).every(
      ({ run = '', with: given }) =>
        !`${run}${JSON.stringify(given?.['script'] ?? '')}`.includes('${{'),
    ),
  // What deploys is not killed half-way: it has longer than its credentials last.
  'a job ends': (workflow) =>
    jobsOf(workflow).every(
      ({ 'timeout-minutes': minutes, environment }) =>
        Number(minutes) <= (environment === undefined ? 60 : 150),
    ),
  'a job says on what it runs, and not the latest': (workflow) =>
    jobsOf(workflow).every(({ 'runs-on': runner }) => !JSON.stringify(runner).includes('latest')),
  'no token is left in the folder that is checked out': (workflow) =>
    stepsOfAction(workflow, 'actions/checkout').every(
      ({ with: given }) => given?.['persist-credentials'] === false,
    ),
  'nothing comes out of a cache that a change can fill': (workflow) =>
    stepsOfAction(workflow, 'actions/cache').length === 0 &&
    stepsOfAction(workflow, 'actions/cache/restore').length === 0 &&
    stepsOfAction(workflow, 'actions/setup-node').every(
      ({ with: given }) =>
        given?.['package-manager-cache'] === false && given['cache'] === undefined,
    ),
  'what may write lays nothing of a change out': (workflow) =>
    !isAfterChange(workflow) ||
    (stepsOfAction(workflow, 'actions/checkout').every(
      ({ with: given }) => given?.['ref'] === undefined && given?.['repository'] === undefined,
    ) &&
      stepsOf(workflow).every(
        ({ uses = '', run = '' }) =>
          !uses.includes('download-artifact') && !/\b(git|gh|curl|wget)\b/.test(run),
      )),
};
