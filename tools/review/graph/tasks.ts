import type { TaskNode } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

const TASK: Comparators<TaskNode, string> = {
  name: toldBy('the pairing of tasks by their names'),
  summary: (before, after, name) => [
    task(name, 'summary', {
      kind: 'words-changed',
      ...{ property: 'summary', before, after },
      consequence: 'people read something else of it',
    }),
  ],
  entry: (before, after, name) => [
    task(name, 'entry', {
      kind: 'image-changed',
      ...{ property: 'program', before, after },
      consequence: 'another program runs under its identity',
    }),
  ],
  inputs: (before, after, name) => [
    task(name, 'inputs', {
      kind: 'contract-broken',
      property: 'inputs',
      before: inputs(before),
      after: inputs(after),
      consequence: 'whoever runs it has to tell it something else',
    }),
  ],
};

/** Tasks that come and go, and what they are told; whom they call is told as calls. */
export function taskFindings({ base, head }: Comparison): readonly Finding[] {
  const { gone, come, both } = matched(base.graph.tasks, head.graph.tasks, ({ name }) => name);
  return [
    ...gone.map(({ name }) =>
      task(name, 'name', {
        kind: 'service-removed',
        consequence: 'whatever it did when it was run is done by nobody',
      }),
    ),
    ...come.map(({ name }) =>
      task(name, 'name', { kind: 'service-added', consequence: 'there is one task more to run' }),
    ),
    ...both.flatMap(([old, now]) =>
      compareMembers(TASK, old, now, {
        context: now.name,
        node: { declaration: `task ${now.name}`, subject: `task ${now.name}`, among: 'tasks' },
      }),
    ),
  ];
}

function task(
  name: string,
  member: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  return ofMember(`task ${name}`, member, {
    ...finding,
    ...{ subject: `task ${name}`, among: 'tasks', word: member === 'name' ? name : member },
  });
}

function inputs(all: TaskNode['inputs']): string {
  return all.length === 0 ? 'nothing' : all.map(({ name, as }) => `${name} (${as})`).join(', ');
}
