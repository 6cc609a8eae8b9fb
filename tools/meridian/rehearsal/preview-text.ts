import { structuredPatch } from 'diff';
import type { BrokenRule } from './broken-rules.ts';
import type { PropertyLine } from './changed-properties.ts';
import type { ManifestDiff, Operation, PreviewReport, ResourceChange } from './preview-report.ts';

const SIGNS: Readonly<Record<Operation, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
};

/** A report for people, ending in a line break. */
export function previewText(report: PreviewReport): string {
  const { stack, base, warnings, brokenRules, resources, totals, cost } = report;
  const against =
    base === undefined
      ? 'Held against nothing, so everything is created (--base <revision> compares).'
      : `Held against commit ${base}.`;
  const { create, update, replace, delete: removal, unchanged } = totals;
  return [
    `Rehearsal of stack '${stack}': Pulumi's engine ran the program, but no cluster was asked and`,
    'nothing was made. What a cluster itself would add or refuse does not show.',
    ...cloudLines(resources),
    against,
    '',
    ...lossLines(stack, resources),
    ...ruleLines(brokenRules),
    ...warnings.flatMap((warning) => [`WARNING: ${warning}`, '']),
    ...resources.flatMap((resource) => [...resourceLines(resource), '']),
    resources.length === 0
      ? `No changes: ${unchanged} resources are as they were.`
      : `${create} to create, ${update} to update, ${replace} to replace, ${removal} to delete, ${unchanged} unchanged.`,
    ...(cost === undefined ? [] : [`Its cost: ${cost}.`]),
    '',
  ].join('\n');
}

/** Said where a stack has resources of a cloud, of which schemas and tables say less than an account would. */
function cloudLines(resources: readonly ResourceChange[]): readonly string[] {
  const has = (cloud: string) => resources.some(({ type }) => type.startsWith(`${cloud}:`));
  const clouds = [has('aws') ? 'AWS' : '', has('cloudflare') ? 'Cloudflare' : ''].filter(Boolean);
  if (clouds.length === 0) return [];
  return [
    `This was not checked by ${clouds.join(' or ')}: quotas, rights, and names that are taken do not show.`,
  ];
}

/** First of all, what a deployment would stop at. */
function lossLines(stack: string, resources: readonly ResourceChange[]): readonly string[] {
  const lost = resources.filter(({ losesData }) => losesData !== undefined);
  if (lost.length === 0) return [];
  return [
    'DATA WOULD BE LOST. A deployment stops here, since these are protected:',
    ...lost.flatMap(({ operation, type, name, urn, losesData = '' }) => [
      `${SIGNS[operation]} ${operation} ${type} ${name}`,
      `    holds ${losesData}`,
      `    if it is to go with them: pulumi state unprotect --yes --stack ${stack} '${urn}'`,
    ]),
    'Else declare them again.',
    '',
  ];
}

/** What a deployment with the policy pack stops at. */
function ruleLines(broken: readonly BrokenRule[]): readonly string[] {
  if (broken.length === 0) return [];
  const rules = Map.groupBy(broken, ({ rule, statement }) => `${statement} (${rule})`);
  return [
    'RULES ARE BROKEN. A deployment with the policy pack stops here:',
    ...[...rules].flatMap(([rule, problems]) => [
      rule,
      ...problems.map(({ problem }) => `    ${problem}`),
    ]),
    '',
  ];
}

function resourceLines(resource: ResourceChange): readonly string[] {
  const { operation, type, name, properties, manifests, restarts } = resource;
  return [
    `${SIGNS[operation]} ${operation} ${type} ${name}`,
    ...(restarts === undefined ? [] : [`    This ${restarts}.`]),
    ...properties.flatMap(propertyLines).map((line) => `    ${line}`),
    ...manifests.flatMap(manifestLines).map((line) => `    ${line}`),
  ];
}

function propertyLines(line: PropertyLine): readonly string[] {
  const { property, before, after } = line;
  if (
    typeof before === 'string' &&
    typeof after === 'string' &&
    `${before}${after}`.includes('\n')
  ) {
    const { hunks } = structuredPatch('', '', `${before}\n`, `${after}\n`, '', '', { context: 2 });
    return [`${property}:`, ...hunks.flatMap(({ lines }) => lines).map((text) => `  ${text}`)];
  }
  if (!('before' in line)) return [`${property}: ${shown(after)}`];
  return [`${property}: ${shown(before)} → ${'after' in line ? shown(after) : '(none)'}`];
}

function manifestLines({ object, lines }: ManifestDiff): readonly string[] {
  return [`${object}:`, ...lines.map((line) => `  ${line}`)];
}

function shown(value: unknown): string {
  return value === '[secret]' ? value : JSON.stringify(value);
}
