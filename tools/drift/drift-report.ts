import { table } from '../meridian/table.ts';
import type { ClusterDrift, DriftedObject } from './cluster-drift.ts';
import { objectName } from './declared-object.ts';
import type { Writer } from './field-owners.ts';
import type { FieldDrift } from './object-drift.ts';
import type { ServiceDrift } from './rollout-drift.ts';

/** Characters of a value that are shown. */
const VALUE_MAX = 60;

/** How a cluster differs from a stack, for people. */
export function driftReport({
  services,
  compared,
  objects,
  undeclared,
  charts,
  unlisted,
}: ClusterDrift & { readonly services: readonly ServiceDrift[] }): string {
  const differ = services.some(({ drift }) => drift !== 'none');
  const rows = [
    ...charts.map(({ chart, drift, detail }) => [`chart ${chart}`, drift, detail, '']),
    ...objects.flatMap(rowsOf),
    ...undeclared.map(({ object, by }) => [objectName(object), 'undeclared', '', byText(by)]),
    ...unlisted.map((detail) => ['a list of objects', 'unknown', detail, '']),
  ];
  return [
    table(
      ['SERVICE', 'DRIFT', 'DETAIL'],
      services.map(({ service, drift, detail }) => [service, drift, detail]),
    ),
    ...(differ ? ['What to do is in docs/runbooks/rollout-aborted.md'] : []),
    ...(rows.length === 0 ? [] : ['', table(['OBJECT', 'DRIFT', 'WHAT', 'BY'], rows)]),
    `${compared} objects were held against what this folder would deploy`,
    ...(rows.length === 0 ? [] : ['What to do is in docs/runbooks/drift.md']),
    '',
  ].join('\n');
}

function rowsOf(drifted: DriftedObject): readonly (readonly string[])[] {
  const name = objectName(drifted.object);
  if (drifted.drift !== 'changed') return [[name, drifted.drift, drifted.detail, '']];
  return drifted.fields.map((field) => [name, 'changed', fieldText(field), byText(field.by)]);
}

function fieldText({ field, declared, found }: FieldDrift): string {
  if (declared === undefined && found === undefined) return field;
  if (declared === undefined) return `${field}: ${valueText(found)} is not declared`;
  if (found === undefined) return `${field}: ${valueText(declared)} is gone`;
  return `${field}: ${valueText(found)} and not ${valueText(declared)}`;
}

function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX)}…`;
}

function byText(by: Writer | undefined): string {
  if (by === undefined) return 'not recorded';
  return by.at === undefined ? by.manager : `${by.manager}, ${by.at}`;
}
