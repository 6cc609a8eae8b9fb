import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Account } from './account-store.ts';
import type { AccountSchema } from './contract/gen/meridian/identity/v1/identity_pb.js';

/** An account as the contract has it. */
export function toAccountMessage(account: Account): MessageInitShape<typeof AccountSchema> {
  const { accountId, email, displayName, roles, createTime } = account;
  return {
    accountId,
    email,
    displayName,
    roles: [...roles],
    createTime: timestampFromDate(createTime),
  };
}
