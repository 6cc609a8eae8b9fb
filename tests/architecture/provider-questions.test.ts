import { describe, expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import config from '../../eslint.config.js';

/** The rules by which the program asks no provider, without those that need types. */
const rules = Object.fromEntries(
  config
    .flatMap((block) => Object.entries(block.rules ?? {}))
    .filter(([rule]) => rule === 'no-restricted-syntax' || rule === 'no-restricted-imports'),
);

const problemsOf = (code: string): number =>
  new Linter().verify(code, [{ languageOptions: { sourceType: 'module' }, rules }]).length;

describe('the program asks no provider', () => {
  test.each([
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
    "import { yaml } from '@pulumi/kubernetes'",
  ])('%s is refused', (code) => {
    expect(problemsOf(code)).toBe(1);
  });

  test.each([
    "services.get('catalog')",
    "HANDLER_OF_TYPE.get('a')",
    "this.byName.get('a')",
    "new helm.v3.Release('a', {})",
    "new Chart(app, 'a')",
    "import { getStack } from '@pulumi/pulumi'",
    "import { core } from '@pulumi/kubernetes'",
  ])('%s is not', (code) => {
    expect(problemsOf(code)).toBe(0);
  });
});
