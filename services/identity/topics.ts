import { topic } from '@meridian/components/model/topic.ts';

/** What happened to accounts and sessions; audit keeps it. */
export const identityEvents = topic({ name: 'identity.events.v1', key: 'account_id' });
