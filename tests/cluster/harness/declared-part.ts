import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KubernetesPart } from '@meridian/components/kubernetes/manifest.ts';
import { programFolder } from '../../end-to-end/platform-under-test.ts';
import { pulumiEnvironment } from './pulumi-environment.ts';
import type { TestCluster } from './test-cluster.ts';

const STACK = 'part';

/** A program that declares what lies beside it as a part, by the code by which ours declares it. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { ComponentResource } from '@pulumi/pulumi';
import { declarePart } from '${pathToFileURL(join(programFolder, 'components/kubernetes/declare-part.ts')).href}';
const part = JSON.parse(readFileSync(new URL('part.json', import.meta.url), 'utf8'));
const parent = new ComponentResource('sample:index:Part', 'part');
declarePart(part, { parent, dependsOn: [] });
`;

/** How a command of Pulumi's ended. */
export interface PulumiEnd {
  readonly exitCode: number;
  /** Standard output and error. */
  readonly output: string;
}

/** One part of the platform in the hands of Pulumi's own engine and its real provider for Kubernetes. */
export class DeclaredPart {
  readonly #cluster: TestCluster;
  readonly #folder: string;

  private constructor(cluster: TestCluster) {
    this.#cluster = cluster;
    this.#folder = join(cluster.folder, 'declared-part');
  }

  /** Makes a project and its stack below the folder of a cluster. */
  static async create(cluster: TestCluster): Promise<DeclaredPart> {
    const part = new DeclaredPart(cluster);
    const folder = part.#folder;
    for (const name of ['home', 'backend']) await mkdir(join(folder, name), { recursive: true });
    const runtime = 'runtime: { name: nodejs, options: { typescript: false } }';
    await writeFile(join(folder, 'Pulumi.yaml'), `name: sample\n${runtime}\nmain: index.ts\n`);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    await writeFile(join(folder, 'index.ts'), PROGRAM);
    await symlink(join(programFolder, 'node_modules'), join(folder, 'node_modules'));
    const { exitCode, output } = await part.#pulumi('stack', 'init', STACK);
    if (exitCode !== 0) throw new Error(output);
    return part;
  }

  /** Brings the cluster to what a part says. */
  async up(part: KubernetesPart, ...flags: readonly string[]): Promise<PulumiEnd> {
    await writeFile(join(this.#folder, 'part.json'), JSON.stringify(part));
    return await this.#pulumi('up', '--yes', '--skip-preview', '--stack', STACK, ...flags);
  }

  #pulumi(...args: readonly string[]): Promise<PulumiEnd> {
    const env = pulumiEnvironment({
      root: this.#folder,
      languageHost: join(programFolder, 'tools/language-host'),
      kubeconfig: this.#cluster.kubeconfig,
    });
    return new Promise((resolve) => {
      execFile(
        'pulumi',
        [...args, '--non-interactive', '--color=never'],
        { cwd: this.#folder, env, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const exitCode = error === null ? 0 : Number(error.code ?? 1);
          resolve({ exitCode, output: `${stdout}${stderr}` });
        },
      );
    });
  }
}
