import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { identity } from '../service.ts';

/** Sets up an account with a role, which nobody could get otherwise. */
export const accountSetup = defineTask({
  name: 'account-setup',
  summary: 'Sets up the account of a merchant, of support or of an auditor',
  calls: [call(identity, 'ensureAccount')],
  entry: 'services/identity/account-setup/main.ts',
  inputs: [
    { name: 'role', as: 'text' },
    { name: 'email', as: 'text' },
    { name: 'password', as: 'file' },
  ],
});
