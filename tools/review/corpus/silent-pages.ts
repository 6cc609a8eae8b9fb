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
    name: 'no budget is ever said to be spent too quickly',
    edits: [
      {
        object: RULES,
        at: ['data', 'rules.yml'],
        rewritten: (text) =>
          text.replaceAll(/(expr: "clamp_max\(.*slo:error_budget:ratio.*), 1\)"/g, '$1, 0)"'),
      },
    ],
    tells: [
      ['alert-loosened', /^records of the platform slo:burning_page:is_1, slo:burning_ticket/],
      ['page-blind', /^(?:Availability|Latency|Freshness\w+)BurnsFast of /],
      ['ticket-lost', /^(?:Availability|Latency|Freshness\w+)BurnsSlowly of /],
    ],
  },
  {
    name: 'a page reads a record that nobody makes',
    edits: [
      {
        object: RULES,
        at: ['data', 'rules.yml'],
        rewritten: (text) =>
          text.replaceAll('record: slo:burning_page:is_1', 'record: slo:burning_pages:is_1'),
      },
    ],
    tells: [
      ['page-blind', /^(?:Availability|Latency|Freshness\w+)BurnsFast of /],
      ['unknown-change', /^records of the platform slo:burning_page:is_1/],
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
  {
    name: 'no collector asks a pod that runs',
    edits: ['a-4e188d181a93', 'b-83975bb60d56', 'c-6226f85ee840'].map((name) => ({
      object: `ConfigMap observability/collector-${name}`,
      at: ['data', 'relay'],
      rewritten: (text: string) => text.replaceAll('"regex": "Running"', '"regex": "Failed"'),
    })),
    tells: [
      ['object-changed', /scrape_configs/],
      ['page-blind', /^job [\w-]+ pod_phase/],
      ['sight-lost', /^job (?:envoy|grafana|loki|node-logs|tempo) pod_phase/],
    ],
  },
];
