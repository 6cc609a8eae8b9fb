import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { RUNBOOKS } from '@meridian/components/observability/rules/annotations.ts';
import { prometheusRuleGroups } from '@meridian/components/observability/rules/prometheus-rules.ts';
import { metricsOf } from '@meridian/components/observability/rules/reads.ts';
import { ruleFile } from '@meridian/components/observability/rules/rule-file.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { platform } from '../../infra/platform-graph.ts';
import { localSettings } from '../../stacks/local.ts';
import { checkRules, findPromtool } from '../engines/promtool.ts';
import { CLOUD } from './cloud-settings.ts';
import { goldenFile, goldenText } from './golden-file.ts';

const settings = localSettings({});
const graph = platform(settings);
const rules = platformRules(graph, {
  certificateLifetimeSeconds: settings.leafLifetimeSeconds,
});
/** With what some stacks alone have. */
const everything = platformRules(graph, {
  certificateLifetimeSeconds: settings.leafLifetimeSeconds,
  archive: { copiesApartSeconds: 86_400 },
  expiries: [],
  instances: { standbys: 2, dataBytes: 20 * 1_024 ** 3 },
  cloud: CLOUD,
});
const scaled = (timeScale: number) => prometheusRuleGroups(rules, { timeScale });

describe('the rules of the platform', () => {
  test('are the file that was reviewed', () => {
    const { given, golden } = goldenFile('rules.golden.yaml', ruleFile(scaled(1)));
    expect(given).toBe(golden);
  });

  test('make the alerts that were reviewed, each with what it reads', () => {
    const alerts = everything.alerts.map(({ name, severity, runbook, feels, of }) => ({
      ...{ name, severity, runbook, feels },
      of: of.map(({ service }) => service),
      reads: metricsOf(everything, { name }),
    }));
    const { given, golden } = goldenText('alerts', alerts);
    expect(given).toBe(golden);
  });

  test('differ in a drill by durations and nothing else', () => {
    const without = (timeScale: number) =>
      ruleFile(scaled(timeScale)).replaceAll(
        /(?<=[[:]|interval: |\* )\d+(ms|s|m|h|d)(?=[\]:]|\n| >)/g,
        'T',
      );
    expect(ruleFile(scaled(1 / 60))).not.toBe(ruleFile(scaled(1)));
    expect(without(1 / 60)).toBe(without(1));
  });

  test('send alerts that only say that a record is 1', () => {
    const [sent] = scaled(1).filter(({ name }) => name === 'pages');
    expect(sent?.rules).toHaveLength(rules.alerts.length);
    for (const rule of sent?.rules ?? []) {
      expect(rule.expr).toMatch(/^service:alert:is_1\{alert="\w+"\} == 1$/);
    }
  });
});

const promtool = findPromtool();

(promtool === undefined ? test.skip : test)(
  `rules pass promtool's own check, also those of a drill${promtool === undefined ? ' (it is not built here)' : ''}`,
  () => {
    const files = [scaled(1), scaled(1 / 60), prometheusRuleGroups(everything)];
    for (const file of files) expect(checkRules(promtool ?? '', ruleFile(file))).toBe('');
  },
);

describe('each alert', () => {
  test.each(everything.alerts.map((alert) => [alert.name, alert] as const))(
    '%s has a runbook, an owner, and metrics that something emits',
    (name, { runbook, of }) => {
      expect(existsSync(`${RUNBOOKS}/${runbook}.md`) ? runbook : 'no runbook').toBe(runbook);
      for (const { owner } of of) expect(owner).not.toBe('');
      const emitted = ['up', ...Object.values(METRIC_REGISTRY).map((metric) => metric.name)];
      const reads = metricsOf(everything, { name });
      expect(reads).not.toEqual([]);
      expect(reads.filter((metric) => !emitted.includes(metric))).toEqual([]);
    },
  );

  test('has a name of its own, and no runbook of alerts is without one', () => {
    const names = everything.alerts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const others = [
      ...['drift', 'heartbeat-missing', 'origin-pulls', 'restore', 'rollback'],
      'rollout-aborted',
    ];
    const written = globSync('*.md', { cwd: RUNBOOKS }).map((file) => file.replace('.md', ''));
    const used = everything.alerts.map(({ runbook }) => runbook);
    expect(written.filter((file) => !used.includes(file)).toSorted()).toEqual(others);
  });

  test('of AWS alone says in its runbook which role the commands are for, and has a first step there', () => {
    const anywhere = new Set(
      platformRules(graph, {
        certificateLifetimeSeconds: settings.leafLifetimeSeconds,
        archive: { copiesApartSeconds: 86_400 },
        expiries: [],
        instances: { standbys: 2, dataBytes: 20 * 1_024 ** 3 },
      }).alerts.map(({ name }) => name),
    );
    const ofAws = everything.alerts.filter(({ name }) => !anywhere.has(name));
    const runbooks = [...new Set(ofAws.map(({ runbook }) => runbook))].toSorted();
    expect(runbooks.length).toBeGreaterThan(8);
    const withoutRole = runbooks.filter((runbook) => {
      const text = readFileSync(`${RUNBOOKS}/${runbook}.md`, 'utf8');
      const [, first = ''] = /^## First\n(.*?)^## /ms.exec(text) ?? [];
      return !first.includes('](../deploying.md#which-role)') || !/\b(?:aws|kubectl) /.test(first);
    });
    expect(withoutRole).toEqual([]);
  });
});
