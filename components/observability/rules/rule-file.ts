import type { PrometheusRule, PrometheusRuleGroup } from './prometheus-rules.ts';

/** A rule file: YAML whose texts are those of JSON, which YAML 1.2 has too, but for expressions. */
export function ruleFile(groups: readonly PrometheusRuleGroup[]): string {
  const lines = groups.flatMap(({ name, interval, rules }) => [
    `  - name: ${name}`,
    `    interval: ${interval}`,
    '    rules:',
    ...rules.flatMap(ruleLines),
  ]);
  return ['groups:', ...lines, ''].join('\n');
}

function ruleLines(rule: PrometheusRule): readonly string[] {
  const { expr, labels = {} } = rule;
  const [kind, name] = 'record' in rule ? ['record', rule.record] : ['alert', rule.alert];
  return [
    `      - ${kind}: ${name}`,
    `        expr: ${JSON.stringify(expr)}`,
    ...mapping('labels', labels),
    ...('annotations' in rule ? mapping('annotations', rule.annotations) : []),
  ];
}

function mapping(name: string, entries: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.entries(entries);
  if (all.length === 0) return [];
  return [
    `        ${name}:`,
    ...all.map(([key, value]) => `          ${key}: ${JSON.stringify(value)}`),
  ];
}
