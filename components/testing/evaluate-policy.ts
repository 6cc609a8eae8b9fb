import type { PolicyDocument, PolicyStatement } from '../aws/policy-document.ts';

/**
 * Whether a policy of a role lets it do something, as IAM decides without any other policy: a Deny wins, and what nobody allows
 * is denied. Throws Error for statements that take more to decide.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(
  { Statement }: PolicyDocument,
  { action, resource }: { readonly action: string; readonly resource: string },
): boolean {
  const effects = Statement.filter((statement) => {
    refuseUndecided(statement);
    // IAM takes actions in any case, and resources as they are written.
    return (
      matches(statement.Action, action.toLowerCase(), (pattern) => pattern.toLowerCase()) &&
      matches(statement.Resource, resource)
    );
  }).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function refuseUndecided(statement: PolicyStatement): void {
  const undecided = ['Condition', 'NotAction', 'NotResource', 'NotPrincipal'] as const;
  for (const part of undecided) {
    if (statement[part] !== undefined) throw new Error(`A statement has ${part}`);
  }
}

function matches(
  patterns: string | readonly string[] | undefined,
  text: string,
  asWritten: (pattern: string) => string = (pattern) => pattern,
): boolean {
  return [patterns ?? []].flat().some((pattern) => {
    const source = asWritten(pattern)
      .replaceAll(/[.+^${}()|[\]\\/-]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`).test(text);
  });
}
