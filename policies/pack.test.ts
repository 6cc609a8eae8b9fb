import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RehearsedProject } from '@meridian/provider-rehearsal/testing/rehearsed-project.ts';

const DEADLINE_MS = 120_000;
const RESTRICTED = "'pod-security.kubernetes.io/enforce': 'restricted'";

/** A namespace, and a topic of some copies. */
const program = (labels: string, replicas: number, options: string) => `
import { apiextensions, core } from '@pulumi/kubernetes';
new core.v1.Namespace('namespace', { metadata: { name: 'shop', labels: { ${labels} } } }${options});
new apiextensions.CustomResource('topic', {
  apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaTopic', metadata: { name: 'topic', namespace: 'shop' },
  spec: { partitions: 12, replicas: ${replicas}, config: { 'min.insync.replicas': 2, 'retention.ms': 604800000 } },
}${options});
`;

/** A bucket's lock, and rules of the edge of which one does something. */
const clouds = (isLocked: boolean, action: string) => `
import { s3 } from '@pulumi/aws';
import { Ruleset } from '@pulumi/cloudflare';
new s3.BucketPublicAccessBlock('lock', {
  bucket: 'sample', blockPublicAcls: ${isLocked}, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
});
new Ruleset('rules', {
  zoneId: '0'.repeat(32), kind: 'zone', name: 'rules', phase: 'http_request_firewall_custom',
  rules: [{ ref: 'one', description: 'one', expression: 'true', action: '${action}' }],
});
`;

/** A topic of AWS, which can be tagged, by a provider that adds tags to everything. */
const tagged = (tags: string) => `
import { Provider, sns } from '@pulumi/aws';
const provider = new Provider('aws', { region: 'us-east-1', defaultTags: { tags: { Project: 'sample', Stack: 'test', ${tags} } } });
new sns.Topic('topic', { tags: { Own: 'yes' } }, { provider });
`;

describe("the policy pack, run by Pulumi's engine", () => {
  let project: RehearsedProject;

  beforeAll(async () => {
    project = await RehearsedProject.create();
  }, DEADLINE_MS);

  afterAll(() => {
    project.remove();
  });

  const preview = (text: string) => {
    project.write('index.ts', text);
    return project.pulumi('preview', '--policy-pack', path.join(import.meta.dirname));
  };

  test(
    'refuses each object that breaks a rule, and says how and what to do',
    async () => {
      const { exitCode, output } = await preview(program('', 2, ''));
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/namespaces-enforce-pod-security/);
      expect(output).toMatch(/Namespace shop: enforces none/);
      expect(output).toMatch(/KafkaTopic shop\/topic: replicas must be at least 3, got 2/);
      expect(output).toMatch(/KafkaTopic shop\/topic: holds data and is not protected/);
      expect(output).toMatch(/fix it in components\/kafka\/topics\.ts/);
    },
    DEADLINE_MS,
  );

  test(
    'holds resources of clouds to their rules, and lets through those that keep them',
    async () => {
      const broken = await preview(clouds(false, 'skip'));
      expect(broken.exitCode).not.toBe(0);
      expect(broken.output).toMatch(/BucketPublicAccessBlock lock: blockPublicAcls must be true/);
      expect(broken.output).toMatch(/cloudflare\.Ruleset rules: rule "one" skips other rules/);
      const kept = await preview(clouds(true, 'block'));
      expect([kept.exitCode, kept.output]).toEqual([
        0,
        expect.not.stringMatching(/error|warning/i),
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'knows the tags that a provider of AWS adds to all that it makes',
    async () => {
      const broken = await preview(tagged(''));
      expect(broken.exitCode).not.toBe(0);
      expect(broken.output).toMatch(/aws\.sns\.Topic topic: lacks the tags ManagedBy;/);
      const kept = await preview(tagged("ManagedBy: 'pulumi'"));
      expect([kept.exitCode, kept.output]).toEqual([
        0,
        expect.not.stringMatching(/error|warning/i),
      ]);
    },
    DEADLINE_MS,
  );

  test(
    'lets through what breaks none',
    async () => {
      const { exitCode, output } = await preview(program(RESTRICTED, 3, ', { protect: true }'));
      expect([exitCode, output]).toEqual([0, expect.not.stringMatching(/error|warning/i)]);
      expect(output).toMatch(/2 to create|3 to create/);
    },
    DEADLINE_MS,
  );
});
