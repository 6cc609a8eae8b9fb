import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** Where an image is named, in pods and in what operators make pods of. */
const IMAGE = /(?:^|\.)(?:image|imageName)(?:\.(?:repository|registry|tag|digest))?$/;

/** Another program in a container: the digests before and after. */
export const images: Aspect = {
  field: IMAGE,
  tell: (_change, lines) =>
    lines.map((line) => ({
      kind: 'image-changed',
      property: line.property.replace(/^.*\.containers/, 'containers'),
      ...imageSides(line),
      consequence: 'another program runs there',
    })),
};

function imageSides(line: PropertyLine): Pick<Told, 'before' | 'after'> {
  const { before, after } = { before: digestOf(line.before), after: digestOf(line.after) };
  return before === after ? sides(line) : sides({ before, after });
}

/** Of an image that is named by its digest the name and the beginning of that. */
function digestOf(image: unknown): unknown {
  return typeof image === 'string'
    ? image.replace(/^(?:.*\/)?([^/@]+)@sha256:([0-9a-f]{12})[0-9a-f]*$/, '$1@$2')
    : image;
}

/** Other rights by another account, or other places that a pod may be in. */
export const podAccount: Aspect = {
  field:
    /^spec\.(?:jobTemplate\.spec\.)?template\.spec\.(?:serviceAccountName|automountServiceAccountToken)$/,
  tell: (_change, lines) =>
    lines.map((line) => ({
      kind: 'rights-added',
      property: line.property.split('.').at(-1) ?? '',
      ...sides(line),
      consequence: 'its pods may do what another account may',
    })),
};
