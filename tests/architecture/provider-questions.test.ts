import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const REFUSED = [
  "core.v1.ConfigMap.get('a', 'n/a')",
  "kubernetes.core.v1.Namespace.get('a', 'n')",
  "Release.get('a', 'n/a')",
  "runtime.invoke('kubernetes:helm:template', {})",
  "runtime.invokeOutput('aws:index/getRegion:getRegion', {})",
  'aws.ec2.getVpcOutput({})',
  "new yaml.ConfigFile('a', { file: 'a.yaml' })",
  "new k8s.kustomize.Directory('a', {})",
  "new helm.v3.Chart('a', {})",
  "new helm.v4.Chart('a', {})",
  "import { getRegion } from '@pulumi/aws'",
  "import { getSecret } from '@pulumi/policy'",
  "import { yaml } from '@pulumi/kubernetes'",
] as const;

const ALLOWED = [
  "services.get('catalog')",
  "HANDLER_OF_TYPE.get('a')",
  "this.byName.get('a')",
  "new helm.v3.Release('a', {})",
  "new Chart(app, 'a')",
  "import { getStack } from '@pulumi/pulumi'",
  "import { core } from '@pulumi/kubernetes'",
] as const;

const RULES = ['meridian(asks-no-provider)', 'eslint(no-restricted-imports)'];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

/** Lints each line of code as a file of components/, by the program's own rules, but for those that need types. */
describe('the program asks no provider', () => {
  let folder: string;
  let found: readonly Diagnostic[];
  const fileOf = (code: string): string =>
    `components/line-${[...REFUSED, ...ALLOWED].findIndex((line) => line === code)}.ts`;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-lint-'));
    const { options: _typed, ...config } = JSON.parse(
      readFileSync('.oxlintrc.json', 'utf8'),
    ) as Readonly<Record<string, unknown>>;
    writeFileSync(path.join(folder, '.oxlintrc.json'), JSON.stringify(config));
    cpSync('tools/lint', path.join(folder, 'tools/lint'), { recursive: true });
    mkdirSync(path.join(folder, 'components'));
    for (const code of [...REFUSED, ...ALLOWED]) {
      writeFileSync(path.join(folder, fileOf(code)), `${code};\n`);
    }
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.resolve('node_modules/oxlint/bin/oxlint'), '--format', 'json', 'components'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    found = (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const problemsOf = (code: string): number =>
    found.filter(({ code: rule, filename }) => filename === fileOf(code) && RULES.includes(rule))
      .length;

  test.each(REFUSED)('%s is refused', (code) => {
    expect(problemsOf(code)).toBe(1);
  });

  test.each(ALLOWED)('%s is not', (code) => {
    expect(problemsOf(code)).toBe(0);
  });
});
