import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RehearsedProject } from '@meridian/provider-rehearsal/testing/rehearsed-project.ts';
import { renameByRunbook } from './state-by-runbook.ts';

const DEADLINE_MS = 120_000;

/** What components/postgres/aws.ts declares, as far as it depends on each other: a cluster, what it is made of, and what is made of it. */
const program = (identifier: string) => `
import { ComponentResource, CustomResource, ProviderResource } from '@pulumi/pulumi';
const provider = new ProviderResource('aws', 'aws', { region: 'us-east-1' });
const parent = new ComponentResource('sample:index:Postgres', 'postgres');
const make = (type, name, inputs, options) => new CustomResource(type, name, inputs, { provider, parent, ...options });
const key = make('aws:kms/key:Key', 'postgres', {}, { protect: true, retainOnDelete: true });
const cluster = make('aws:rds/cluster:Cluster', 'postgres', {
  clusterIdentifier: '${identifier}', engine: 'postgres', kmsKeyId: key.id,
  manageMasterUserPassword: true, masterUserSecretKmsKeyId: key.id,
}, { protect: true });
make('aws:sns/topic:Topic', 'of-cluster', { displayName: cluster.id });
make('aws:iam/role:Role', 'after-cluster', { assumeRolePolicy: '{}' }, { dependsOn: [cluster] });
`;

interface Exported {
  readonly deployment: {
    readonly resources: readonly { readonly urn: string; readonly type: string }[];
  };
}

let project: RehearsedProject;
const isCluster = ({ type }: { readonly type: string }): boolean =>
  type === 'aws:rds/cluster:Cluster';
const exported = (file: string): Exported =>
  JSON.parse(readFileSync(path.join(project.folder, file), 'utf8')) as Exported;

beforeAll(async () => {
  project = await RehearsedProject.create();
  project.write('index.ts', program('old'));
  await project.succeed('up', '--yes', '--skip-preview');
}, DEADLINE_MS);

afterAll(() => {
  project.remove();
});

test(
  'a restored database takes the place of the one in the state, by the commands of the runbook, and all that depends on it stays',
  async () => {
    await project.succeed('stack', 'export', '--file', 'before.json');
    const before = exported('before.json').deployment.resources;
    const urn = before.find(isCluster)?.urn ?? '';
    project.write('index.ts', program('new'));
    // Why it takes more than a word: neither a deployment nor the state lets the old one go.
    expect((await project.pulumi('preview')).output).toContain('unable to replace resource');
    expect((await project.pulumi('state', 'delete', urn, '--force', '--yes')).output).toContain(
      "can't be safely deleted",
    );
    await renameByRunbook(project.folder, urn, 'new');
    const after = exported('after.json').deployment.resources;
    expect(after.filter((one) => !isCluster(one))).toEqual(before.filter((one) => !isCluster(one)));
    expect(after.find(isCluster)).toMatchObject({
      id: 'new',
      inputs: { clusterIdentifier: 'new' },
      outputs: { clusterIdentifier: 'new', id: 'new' },
    });
    expect(statSync(path.join(project.folder, 'after.json')).mode & 0o777).toBe(0o600);
    await project.succeed('stack', 'import', '--file', 'after.json');
    const preview = await project.succeed('preview', '--diff');
    expect(preview).toContain('+ manageMasterUserPassword');
    expect(preview).toMatch(/~ 2 to update\n\s+\d+ unchanged/);
    await project.succeed('up', '--yes', '--skip-preview');
  },
  DEADLINE_MS,
);

test(
  'a key that outlives its stack is forgotten by a destruction, and not deleted',
  async () => {
    await project.succeed('state', 'unprotect', '--all', '--yes');
    const output = await project.succeed(
      ...['destroy', '--yes', '--skip-preview', '--continue-on-error'],
    );
    expect(output).toMatch(/aws:kms:Key postgres deleted .*\[retain\]/);
    expect(output).not.toMatch(/aws:rds:Cluster postgres deleted .*\[retain\]/);
  },
  DEADLINE_MS,
);
