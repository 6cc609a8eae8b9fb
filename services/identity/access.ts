import { everybody, SIGN_IN, YES, NO } from '@meridian/language/access.ts';
import type { AccessTable } from '@meridian/language/access.ts';
import type { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';

/** An account is its owner's, and which others there are is told to nobody else. */
const own = { own: YES, another: NO, absent: NO } as const;

/** A session is its account's; that of another is not there. */
const ownSession = { own: YES, another: 'NOT_FOUND', absent: 'NOT_FOUND' } as const;

const any = { own: YES, another: YES, absent: 'NOT_FOUND' } as const;

const account = { anonymous: SIGN_IN, customer: own, merchant: own, support: any, auditor: own };
const session = {
  ...{ anonymous: SIGN_IN, customer: ownSession, merchant: ownSession },
  ...{ support: any, auditor: ownSession },
} as const;

/** Who may call identity. */
export const identityAccess = {
  createAccount: everybody(YES),
  getAccount: account,
  deleteAccount: {
    ...account,
    provided: 'Whose own it is has signed in within the last ten minutes.',
  },
  createSession: everybody(YES),
  refreshSession: everybody(YES),
  revokeSession: session,
  listKeys: everybody(YES),
} as const satisfies AccessTable<keyof typeof IdentityService.method>;
