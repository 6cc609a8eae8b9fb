import { PLACEHOLDER } from '@meridian/provider-rehearsal/clouds/cloud-outputs.ts';
import { snakeCase } from '../generators/terraform-names/terraform-types.ts';

/** Addresses of a plan, such as 'aws_s3_bucket.audit', by the identity that a rehearsal gives. */
export type Addresses = ReadonlyMap<string, string>;

/** A rehearsal's identity of a resource, or what stands for one of its outputs. Source: cloudOutputs, cloudResource */
const STAND_IN = new RegExp(
  `(?<output>${PLACEHOLDER})?(?<id>(?:aws|cloudflare|random):[\\w-]+/\\w+:\\w+/[\\w-]+)(?<place>(?:\\.\\w+)*)`,
  'g',
);

/** A text as Terraform would write it. */
export interface Referring {
  /** With an interpolation wherever something stands for an output. */
  readonly text: string;
  /** Whether all of it is one output, so that nothing is known of it before. */
  readonly isWhole: boolean;
  /** Attributes of other resources that it is made of. */
  readonly references: readonly string[];
}

/** Finds what stands for outputs of other resources in a text. What is not in the plan is none of its references. */
export function referring(text: string, addresses: Addresses): Referring {
  const references: string[] = [];
  let isWhole = false;
  const written = text.replaceAll(STAND_IN, (found: string, ...rest: readonly unknown[]) => {
    const { output, id = '', place = '' } = rest.at(-1) as Readonly<Record<string, string>>;
    isWhole ||= found === text;
    const address = addresses.get(id);
    if (address === undefined) return '${known_after_apply}';
    // What an identity is followed by is text; what stands for an output says which.
    const attribute = output === undefined ? '.id' : attributeOf(place);
    references.push(`${address}${attribute}`);
    return `\${${address}${attribute}}${output === undefined ? place : ''}`;
  });
  return { text: written, isWhole, references };
}

/** Such as '.certificate_authority[0].data' for '.certificateAuthority.data'. */
function attributeOf(place: string): string {
  return place
    .split('.')
    .slice(1)
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${snakeCase(key)}`))
    .join('');
}
