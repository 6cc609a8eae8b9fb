import type { DescMessage, Message } from '@bufbuild/protobuf';
import { FieldViolations } from '../rpc/field-violations.ts';
import { invalidArgument } from '../rpc/invalid-argument.ts';
import { compileMessage } from './check-message.ts';

/** Refuses a request that its contract does not allow. Throws an RpcError INVALID_ARGUMENT. */
export type CheckRequest = (request: Message) => void;

/** The check of a request by the rules of its contract; undefined if these allow anything. */
export function requestCheck(desc: DescMessage): CheckRequest | undefined {
  const check = compileMessage(desc);
  if (check === undefined) return undefined;
  return (request) => {
    const plain = request as unknown as Readonly<Record<string, unknown>>;
    // Nearly all are good: only for one that is not, paths and words are put together.
    if (check(plain, '', undefined)) return;
    const violations = new FieldViolations();
    check(plain, '', violations);
    throw invalidArgument(violations);
  };
}
