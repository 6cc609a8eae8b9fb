import { describe, expect, test } from '@jest/globals';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { resourceFindings } from './resource-findings.ts';

function told(type: string, apiVersion: string, before: object, after: object): readonly string[] {
  const kind = type.split(':').at(-1) ?? '';
  const state = (spec: object) => ({
    inputs: { apiVersion, kind, metadata: { name: 'migrate-orders', namespace: 'meridian' }, spec },
  });
  const step: StepMetadata = {
    ...{ op: 'update', urn: `urn:pulumi:staging::meridian::${type}::one`, type },
    old: state(before),
    new: state(after),
  };
  return resourceFindings([step])
    .filter((finding) => finding.kind !== 'policy-broken')
    .map(
      (finding) =>
        `${finding.kind} ${finding.property ?? ''} ${finding.before ?? ''} → ${finding.after ?? ''}`,
    );
}

describe('how safe pods are', () => {
  const job = (security: object, more: object = {}) => ({
    template: { spec: { containers: [{ name: 'a', securityContext: security, ...more }] } },
  });
  const ofJob = (before: object, after: object) =>
    told('kubernetes:batch/v1:Job', 'batch/v1', before, after);

  test('is told by its field, and a Job that runs again for it migrates nothing', () => {
    expect(
      ofJob(job({ readOnlyRootFilesystem: true }), job({ readOnlyRootFilesystem: false })),
    ).toEqual(['object-changed   → ', 'pod-weakened readOnlyRootFilesystem true → false']);
    expect(ofJob(job({}, { image: 'a' }), job({}, { image: 'b' }))).toEqual(
      expect.arrayContaining(['migration-changed   → ']),
    );
  });

  test('is told where a whole context goes, and where it comes back', () => {
    const whole = { readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 10_001 };
    expect(ofJob(job(whole), job({}))).toEqual([
      'object-changed   → ',
      'pod-weakened readOnlyRootFilesystem true → none',
      'pod-weakened runAsNonRoot true → none',
      'pod-weakened runAsUser 10001 → none',
    ]);
    expect(ofJob(job({}), job(whole)).every((line) => line.startsWith('object-changed'))).toBe(
      true,
    );
  });
});

describe('the lifetime of a certificate', () => {
  test.each([
    ['sooner', ['87600h', '876h'], ['3650 days', '36.5 days'], 'it ends sooner'],
    ['later', ['720h', '72000h'], ['30 days', '3000 days'], 'is good for longer'],
  ])('that ends %s is told in words of its own', (_when, spans, days, words) => {
    const state = (duration?: string) => ({
      inputs: {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'root', namespace: 'cert-manager' },
        spec: { duration },
      },
    });
    const type = 'kubernetes:cert-manager.io/v1:Certificate';
    const urn = `urn:pulumi:staging::meridian::${type}::root`;
    const findings = resourceFindings([
      { op: 'update', urn, type, old: state(spans[0]), new: state(spans[1]) },
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'trust-changed',
        property: 'spec.duration',
        before: days[0],
        after: days[1],
        consequence: expect.stringContaining(words),
      }),
    );
  });
});
