import { call } from '../call.ts';
import { external } from '../external.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { sampleContract } from './sample-contract.ts';
import { door, filler, samplePlatform, shelf } from './sample-platform.ts';

/** Somebody who binds books, and says so by webhooks. */
export const binder = external({
  name: 'binder',
  summary: 'Binds books',
  secrets: ['webhook-secret', 'api-key'],
  standIn: { entry: 'services/shelf/binder-stand-in/main.ts', slot: 1 },
});

/** The sample platform whose shelf talks to the binder. */
export function platformWithExternal(change: Partial<AnyService> = {}): PlatformProps {
  const user: AnyService = {
    ...shelf,
    contract: sampleContract('sample.shelf.v1.ShelfService', {
      listBooks: 'GET /v1/books',
      importBooks: '',
      takeWebhook: 'webhook POST /v1/webhooks/{sender}',
    }),
    internalMethods: ['importBooks', 'takeWebhook'],
    systemMethods: ['importBooks', 'takeWebhook'],
    externals: [binder],
    ...change,
  };
  return {
    ...samplePlatform,
    services: [{ ...door, calls: [] }, user, ...samplePlatform.services.slice(2)],
    tasks: [{ ...filler, calls: [call(user, 'importBooks')] }],
  };
}
