import { beforeAll, describe, expect, test } from '@jest/globals';
import { linted } from './linted.ts';
import type { Diagnostic } from './linted.ts';

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

/** Lints each line of code as a file of components/, by the program's own rules. */
describe('the program asks no provider', () => {
  let found: readonly Diagnostic[];
  const fileOf = (code: string): string =>
    `components/line-${[...REFUSED, ...ALLOWED].findIndex((line) => line === code)}.ts`;

  beforeAll(() => {
    found = linted(
      Object.fromEntries([...REFUSED, ...ALLOWED].map((code) => [fileOf(code), `${code};\n`])),
    );
  }, 60_000);

  const problemsOf = (code: string): number =>
    found.filter(
      ({ code: rule = '', filename }) => filename === fileOf(code) && RULES.includes(rule),
    ).length;

  test.each(REFUSED)('%s is refused', (code) => {
    expect(problemsOf(code)).toBe(1);
  });

  test.each(ALLOWED)('%s is not', (code) => {
    expect(problemsOf(code)).toBe(0);
  });
});
