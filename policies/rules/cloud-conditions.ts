import { fieldsOf, listOf, textOf } from '../fields.ts';

/** Operators that hold for the values alone that are named: one with 'Not' or 'IfExists' lets in who says nothing. */
const NAMES =
  /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/**
 * Keys of who asks, or from where, which whoever asks cannot choose: tags of a principal are not, as every account sets its own.
 * Sources: AWS IAM User Guide, "AWS global condition context keys"; Amazon S3 User Guide, "The meaning of 'public'";
 * AWS KMS Developer Guide, "Condition keys for AWS KMS"
 */
const WHO =
  /^(?:aws:(?:Source(?:Arn|Account|Owner|OrgID|OrgPaths|Vpc|Vpce|VpcArn|Ip)|Vpce(?:Account|OrgID)|Principal(?:Arn|Account|OrgID|OrgPaths|ServiceName)|userid)|kms:CallerAccount|s3:DataAccessPoint(?:Arn|Account)|[\w.-]+(?:\/[\w./-]+)?:sub)$/i;

/** Values that anybody has: nothing but wildcards, all addresses, or an ARN of whatever account. */
const ANYBODY = /^[*?]*$|^0\.0\.0\.0\/0$|^::\/0$|^arn:[^:]*:[^:]*:[^:]*:[*?]+(?::|$)/;

/** Of whose tokens a Condition speaks, by the claim `sub`, which says who somebody is to his provider. */
const SUBJECT = ':sub';

/**
 * Of GitHub repositories of whoever takes a name: one whose owner's name has a wildcard, but for the number behind it.
 * Source: GitHub, "OpenID Connect reference", subject claims
 */
const ANY_REPOSITORY = /^repo:[^/@]*[*?]/;

/** Whether a Condition names whose tokens of a provider are believed: for whom they are meant (`aud`) is the same for everybody there. */
export function namesSubject(condition: unknown): boolean {
  return namedBy(condition, (key, values) => {
    const isOne = !values.some((one) => ANYBODY.test(one) || ANY_REPOSITORY.test(one));
    return key.endsWith(SUBJECT) && isOne;
  });
}

/** Whether a Condition of a policy lets in those alone whom it names: all of its parts hold together, so that one is enough. */
export function namesWhoAsks(condition: unknown): boolean {
  return namedBy(
    condition,
    (key, values) => WHO.test(key) && !values.some((one) => ANYBODY.test(one)),
  );
}

/** Whether a part of a Condition that holds for named values alone is as wanted. */
function namedBy(
  condition: unknown,
  isWanted: (key: string, values: readonly string[]) => boolean,
): boolean {
  return Object.entries(fieldsOf(condition)).some(
    ([operator, keys]) =>
      NAMES.test(operator) &&
      Object.entries(fieldsOf(keys)).some(([key, value]) => {
        const values = (Array.isArray(value) ? listOf(value) : [value]).map(textOf);
        return values.length > 0 && isWanted(key, values);
      }),
  );
}
