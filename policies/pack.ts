import { PolicyPack } from '@pulumi/policy';
import type { Policies, PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { clusterObject } from './cluster-object.ts';
import { allowanceToday, violationsOf, violationText } from './judge.ts';
import type { ClusterObject, Rule } from './rule.ts';
import { RULES } from './rules.ts';

const allowance = allowanceToday();

/** The policy pack, as Pulumi's engine runs it (docs/policies.md). */
new PolicyPack('meridian', {
  enforcementLevel: 'mandatory',
  policies: RULES.map(policyOf),
});

function policyOf(rule: Rule): Policies[number] {
  const { id: name, statement: description, fix: remediationSteps } = rule;
  const common = { name, description, remediationSteps };
  if ('problemsOf' in rule) {
    return {
      ...common,
      validateResource: (resource, report) => {
        for (const violation of violationsOf(rule, objectsAmong([resource]), allowance)) {
          report(violationText(violation));
        }
      },
    };
  }
  return {
    ...common,
    validateStack: ({ resources }, report) => {
      for (const violation of violationsOf(rule, objectsAmong(resources), allowance)) {
        report(violationText(violation));
      }
    },
  };
}

function objectsAmong(
  resources: readonly (PolicyResource | ResourceValidationArgs)[],
): readonly ClusterObject[] {
  return resources.flatMap(
    ({ type, name, props, opts }) =>
      clusterObject({ type, name, props, isProtected: opts.protect }) ?? [],
  );
}
