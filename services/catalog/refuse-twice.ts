import { FieldViolations, quote } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';

/**
 * Refuses a list whose messages name one thing twice, which the rules of a contract cannot say. Throws
 * INVALID_ARGUMENT.
 *
 * @param list the name of the field that holds the list
 * @param name the name of the field of a message that says what it is about
 */
export function refuseTwice(list: string, name: string, values: readonly string[]): void {
  const violations = new FieldViolations();
  const first = new Map<string, number>();
  values.forEach((value, index) => {
    const known = first.get(value);
    if (known === undefined) first.set(value, index);
    else
      violations.add(
        `${list}[${index}].${name}`,
        `${quote(value)} is in ${list}[${known}] already`,
      );
  });
  refuseIfInvalid(violations);
}
