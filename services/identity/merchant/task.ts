import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { identity } from '../service.ts';

/** Sets up the account of the first merchant, whom nobody could give the role otherwise. */
export const merchantAccount = defineTask({
  name: 'merchant-account',
  summary: 'Sets up the account of the first merchant',
  calls: [call(identity, 'ensureAccount')],
  entry: 'services/identity/merchant/main.ts',
  inputs: [
    { name: 'email', as: 'text' },
    { name: 'password', as: 'file' },
  ],
});
