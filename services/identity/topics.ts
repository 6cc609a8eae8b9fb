import { topic } from '@meridian/language/topic.ts';
import {
  AccountCreatedSchema,
  AccountDeletedSchema,
  AccountRolesChangedSchema,
  PasswordChangedSchema,
  SessionCreatedSchema,
  SessionRevokedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';

/** What happened to accounts and sessions; audit keeps it. */
export const identityEvents = topic({
  name: 'identity.events.v1',
  key: 'account_id',
  events: [
    AccountCreatedSchema,
    AccountDeletedSchema,
    AccountRolesChangedSchema,
    PasswordChangedSchema,
    SessionCreatedSchema,
    SessionRevokedSchema,
  ],
});
