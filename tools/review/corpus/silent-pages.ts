import type { ResourceEdit } from './resource-edit.ts';

const PAGING = {
  object: 'ConfigMap observability/alertmanager-efd7a24484c1',
  at: ['data', 'alertmanager.yml'],
};
const RULES = 'ConfigMap observability/prometheus-b1612dcffc29';

/** Changes after which pages go to nobody, to somebody else or too late. */
export const SILENT_PAGES: readonly ResourceEdit[] = [
  {
    name: 'pages fire at more errors than there are requests',
    edits: [
      {
        object: RULES,
        at: ['data', 'rules.yml'],
        rewritten: (text) => text.replaceAll('> bool 14.4 *', '> bool 14400 *'),
      },
    ],
    tells: [
      ['alert-changed', /^records of the platform/],
      ['page-blind', /^pages on budgets times what is allowed/],
    ],
  },
  {
    name: 'pages name an owner that no alert has',
    edits: [
      {
        ...PAGING,
        rewritten: (text) => text.replaceAll(/("owner=\\"[\w-]+)(\\"")/g, '$1x$2'),
      },
    ],
    tells: [
      ['alert-changed', /^(?:pages|tickets) of [\w-]+x/],
      ['page-lost', /^pages of [\w-]+ receiver/],
    ],
  },
  {
    name: 'pages wait for hours',
    edits: [
      {
        ...PAGING,
        rewritten: (text) => text.replaceAll('"group_wait": "5s"', '"group_wait": "3h"'),
      },
    ],
    tells: [['page-late', /^pages of .* group_wait/]],
  },
  {
    name: 'pages are silent while anything else is on',
    edits: [
      {
        ...PAGING,
        rewritten: (text) =>
          text.replace(
            '{',
            '{"inhibit_rules":[{"source_matchers":["severity=\\"warning\\""],"target_matchers":["severity=\\"critical\\""]}],',
          ),
      },
    ],
    tells: [['page-lost', /inhibit_rules/]],
  },
];
