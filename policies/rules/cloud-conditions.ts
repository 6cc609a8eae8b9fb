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

/** Whether a Condition of a policy lets in those alone whom it names: all of its parts hold together, so that one is enough. */
export function namesWhoAsks(condition: unknown): boolean {
  return Object.entries(fieldsOf(condition)).some(
    ([operator, keys]) =>
      NAMES.test(operator) &&
      Object.entries(fieldsOf(keys)).some(([key, value]) => {
        const values = (Array.isArray(value) ? listOf(value) : [value]).map(textOf);
        return WHO.test(key) && values.length > 0 && !values.some((one) => ANYBODY.test(one));
      }),
  );
}
