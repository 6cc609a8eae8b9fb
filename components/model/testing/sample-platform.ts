import { everybody, YES } from '@meridian/language/access.ts';
import { call } from '../call.ts';
import type { PlatformProps } from '../platform.ts';
import { defineService } from '../service.ts';
import type { AnyService } from '../service.ts';
import { postgres } from '../store.ts';
import { defineTask } from '../task.ts';
import { topic } from '@meridian/language/topic.ts';
import { sampleContract } from './sample-contract.ts';

const objectives = { availabilityPercent: 99.9, latencyP95Ms: 50, latencyP99Ms: 200 };

export const shelfEvents = topic({ name: 'shelf.events.v1', key: 'book_id', events: [] });

export const shelf = defineService({
  name: 'shelf',
  summary: 'Books',
  owner: 'library-team',
  slot: 1,
  contract: sampleContract('sample.shelf.v1.ShelfService', {
    listBooks: 'GET /v1/books',
    importBooks: '',
  }),
  publishes: [shelfEvents],
  stores: [postgres({ name: 'shelf', migrations: 'services/shelf/migrations' })],
  exposure: 'public',
  internalMethods: ['importBooks'],
  systemMethods: ['importBooks'],
  access: { listBooks: everybody(YES) },
  objectives,
  implemented: true,
});

export const archive = defineService({
  name: 'archive',
  summary: 'What happened to books',
  owner: 'library-team',
  slot: 2,
  contract: sampleContract('sample.archive.v1.ArchiveService', { readEntry: '' }),
  consumes: [shelfEvents],
  exposure: 'internal',
  systemMethods: ['readEntry'],
  objectives,
  implemented: false,
});

const rateLimit = { requests: 600, windowSeconds: 60, burst: 20 };

export const door = defineService({
  name: 'door',
  summary: 'The way in',
  owner: 'library-team',
  slot: 0,
  calls: [call(shelf, 'listBooks'), call(archive, 'readEntry')],
  signs: ['context'],
  rateLimits: {
    anonymous: rateLimit,
    customer: rateLimit,
    unverified: rateLimit,
    webhook: rateLimit,
  },
  exposure: 'edge',
  objectives,
  implemented: true,
});

export const filler = defineTask({
  name: 'filler',
  summary: 'Fills the shelf',
  calls: [call(shelf, 'importBooks')],
  entry: 'services/shelf/filler/main.ts',
});

/** A small valid platform. */
export const samplePlatform: PlatformProps = {
  name: 'sample',
  trustDomain: 'sample.local',
  zones: [
    { name: 'a', network: '127.0.1.0/24' },
    { name: 'b', network: '127.0.2.0/24' },
    { name: 'c', network: '127.0.3.0/24' },
  ],
  services: [door, shelf, archive],
  tasks: [filler],
};

/** The sample with one service changed; its callers call the changed one. */
export function withService(name: string, change: Partial<AnyService>): PlatformProps {
  return {
    ...samplePlatform,
    services: samplePlatform.services.map((service) =>
      service.name === name ? { ...service, ...change } : service,
    ),
  };
}
