import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import { withValue } from '@meridian/policies/testing/with-value.ts';
import type { Finding } from '../finding.ts';
import { resourceFindings } from '../resources/resource-findings.ts';
import { previewSteps, protectedBefore } from './testing/preview-steps.ts';
import { BENIGN } from './benign-resources.ts';
import { DANGEROUS } from './dangerous-resources.ts';
import { REFACTORED } from './refactored-resources.ts';
import type { Edit, ResourceEdit } from './resource-edit.ts';
import { added, STAGING, urnOf } from './testing/staging-resources.ts';
import type { GivenResource } from './testing/staging-resources.ts';

/** Resources after an edit, which must apply and make a difference. */
function edited(resources: readonly GivenResource[], edit: Edit): readonly GivenResource[] {
  if ('added' in edit) return [...resources, added(edit.added, edit.parent)];
  const [resource, ...more] = resources.filter(({ title }) => title === edit.object);
  if (resource === undefined || more.length > 0)
    throw new Error(`There is no one '${edit.object}'`);
  if ('isGone' in edit) return resources.filter((one) => one !== resource);
  const now = editedResource(resource, edit);
  expect(isDeepStrictEqual(now, resource)).toBe(false);
  return resources.map((one) => (one === resource ? now : one));
}

function editedResource(
  resource: GivenResource,
  edit: Exclude<Edit, { readonly isGone: true } | { readonly added: unknown }>,
): GivenResource {
  if ('isProtected' in edit) return { ...resource, isProtected: edit.isProtected };
  if ('parent' in edit) {
    const moved = { ...resource, parent: edit.parent };
    return edit.hasAlias ? { ...moved, formerUrn: urnOf(resource) } : moved;
  }
  const at = 'named' in edit ? ['metadata', 'name'] : edit.at;
  const inputs = withValue(resource.inputs, at, wantedValue(edit, valueIn(resource.inputs, at)));
  return {
    ...resource,
    ...('named' in edit ? { name: `${resource.name}-${edit.named}` } : {}),
    inputs: inputs as GivenResource['inputs'],
  };
}

function wantedValue(
  edit: Extract<Edit, { readonly named: string } | { readonly at: unknown }>,
  before: unknown,
): unknown {
  if ('named' in edit) return edit.named;
  return 'rewritten' in edit ? edit.rewritten(String(before)) : edit.to;
}

function valueIn(value: unknown, at: readonly (string | number)[]): unknown {
  return at.reduce<unknown>((found, key) => Reflect.get(found as object, key), value);
}

function findingsOf({ base = [], edits }: ResourceEdit): readonly Finding[] {
  const before = base.reduce(edited, STAGING);
  const after = edits.reduce(edited, before);
  return resourceFindings(previewSteps(before, after), {
    protectedResources: protectedBefore(before),
  });
}

function told({ subject, property }: Finding): string {
  return property === undefined ? subject : `${subject} ${property}`;
}

describe('the resources of staging', () => {
  test.each([...DANGEROUS, ...BENIGN, ...REFACTORED].map((edit) => [edit.name, edit] as const))(
    'where %s',
    (_name, edit) => {
      const findings = findingsOf(edit);
      expect([...new Set(findings.map(({ kind }) => kind))]).toEqual(
        edit.tells.map(([kind]) => kind),
      );
      for (const [wanted, text] of edit.tells) {
        for (const finding of findings.filter(({ kind }) => kind === wanted)) {
          expect(told(finding)).toMatch(text);
        }
      }
    },
  );

  test.each([
    ['danger', DANGEROUS],
    ['none', REFACTORED],
  ] as const)('are of the level %s at most and at least', (level, edits) => {
    for (const { tells } of edits) {
      const levels = tells.map(([kind]) => SEVERITIES[kind].level);
      expect(levels.includes('danger')).toBe(level === 'danger');
    }
  });

  test('hold no value of a Secret in what is told', () => {
    const edit = BENIGN.find(({ name }) => name === 'a Secret has another value');
    if (edit === undefined) throw new Error('There is no such change');
    expect(JSON.stringify(findingsOf(edit))).not.toContain('another"');
  });

  test('are the same where nothing differs', () => {
    expect(resourceFindings(previewSteps(STAGING, STAGING))).toEqual([]);
  });
});
