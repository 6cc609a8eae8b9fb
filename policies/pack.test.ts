import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from '@meridian/provider-rehearsal/testing/rehearsed-project.ts';
import type { PulumiResult } from '@meridian/provider-rehearsal/testing/rehearsed-project.ts';

// Two starts of an engine on a busy machine.
const DEADLINE_MS = 240_000;

/** What a program gives that rules look at. */
interface Given {
  readonly labels: string;
  readonly replicas: number;
  readonly options: string;
  readonly isLocked: boolean;
  readonly action: string;
  readonly tags: string;
}

const BROKEN: Given = {
  labels: '',
  replicas: 2,
  options: '',
  isLocked: false,
  action: 'skip',
  tags: '',
};
const KEPT: Given = {
  labels: "'pod-security.kubernetes.io/enforce': 'restricted'",
  replicas: 3,
  options: ', { protect: true }',
  isLocked: true,
  action: 'block',
  tags: "ManagedBy: 'pulumi'",
};

/**
 * A namespace, and a topic of some copies; a bucket's lock, and rules of the edge of which one does something; and a topic of AWS,
 * by a provider that adds tags to everything. One program: of a preview all but the engine's start is little.
 */
const program = ({ labels, replicas, options, isLocked, action, tags }: Given) => `
import { apiextensions, core } from '@pulumi/kubernetes';
import { Provider, s3, sns } from '@pulumi/aws';
import { Ruleset } from '@pulumi/cloudflare';
new core.v1.Namespace('namespace', { metadata: { name: 'shop', labels: { ${labels} } } }${options});
new apiextensions.CustomResource('topic', {
  apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaTopic', metadata: { name: 'topic', namespace: 'shop' },
  spec: { partitions: 12, replicas: ${replicas}, config: { 'min.insync.replicas': 2, 'retention.ms': 604800000 } },
}${options});
new s3.BucketPublicAccessBlock('lock', {
  bucket: 'sample', blockPublicAcls: ${isLocked}, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
});
new Ruleset('rules', {
  zoneId: '0'.repeat(32), kind: 'zone', name: 'rules', phase: 'http_request_firewall_custom',
  rules: [{ ref: 'one', description: 'one', expression: 'true', action: '${action}' }],
});
const provider = new Provider('aws', { region: 'us-east-1', defaultTags: { tags: { Project: 'sample', Stack: 'test', ${tags} } } });
new sns.Topic('topic', { tags: { Own: 'yes' } }, { provider });
`;

describe("the policy pack, run by Pulumi's engine", () => {
  let project: RehearsedProject;
  let broken: PulumiResult;
  let kept: PulumiResult;

  beforeAll(async () => {
    project = await RehearsedProject.create();
    const preview = (given: Given) => {
      project.write('index.ts', program(given));
      return project.pulumi('preview', '--policy-pack', path.join(import.meta.dirname));
    };
    broken = await preview(BROKEN);
    kept = await preview(KEPT);
  }, DEADLINE_MS);

  afterAll(() => {
    project.remove();
  });

  test('refuses each object that breaks a rule, and says how and what to do', () => {
    const { exitCode, output } = broken;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/namespaces-enforce-pod-security/);
    expect(output).toMatch(/Namespace shop: enforces none/);
    expect(output).toMatch(/KafkaTopic shop\/topic: replicas must be at least 3, got 2/);
    expect(output).toMatch(/KafkaTopic shop\/topic: holds data and is not protected/);
    expect(output).toMatch(/fix it in components\/kafka\/topics\.ts/);
  });

  test('holds resources of clouds to their rules', () => {
    expect(broken.output).toMatch(/BucketPublicAccessBlock lock: blockPublicAcls must be true/);
    expect(broken.output).toMatch(/cloudflare\.Ruleset rules: rule "one" skips other rules/);
  });

  test('knows the tags that a provider of AWS adds to all that it makes', () => {
    expect(broken.output).toMatch(/aws\.sns\.Topic topic: lacks the tags ManagedBy;/);
  });

  test('lets through what breaks none', () => {
    const { exitCode, output } = kept;
    expect([exitCode, output]).toEqual([0, expect.not.stringMatching(/error|warning/i)]);
    expect(output).toMatch(/[67] to create/);
  });
});
