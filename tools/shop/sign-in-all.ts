import { setTimeout as delay } from 'node:timers/promises';
import type { EdgeClient } from './edge-client.ts';
import { unexpected } from './open-shop.ts';
import { register, signIn } from './shoppers.ts';
import type { Credentials, Session } from './shoppers.ts';

/** Hashing a password takes a processor for tens of milliseconds, so more at once would only wait. */
const AT_ONCE = 4;
/** A process that is being replaced is back within the sum of the pauses. */
const ATTEMPTS_MAX = 5;
const FIRST_PAUSE_MS = 500;

/** How far it is. */
export interface Progress {
  readonly done: number;
  readonly created: number;
}

/**
 * Opens the accounts that are not there yet and signs everybody in.
 *
 * @throws {CodedError} EDGE_ANSWER_UNEXPECTED
 */
export async function signInAll(
  edge: EdgeClient,
  people: readonly Credentials[],
  onProgress: (progress: Progress) => void,
): Promise<readonly Session[]> {
  const sessions = new Map<Credentials, Session>();
  const waiting = people.values();
  let created = 0;
  const work = async (): Promise<void> => {
    for (const person of waiting) {
      if ((await registered(edge, person)) === 'created') created += 1;
      sessions.set(person, await signedIn(edge, person));
      onProgress({ done: sessions.size, created });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return people.flatMap((person) => sessions.get(person) ?? []);
}

async function registered(edge: EdgeClient, person: Credentials): Promise<'created' | 'there'> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await register(edge, person);
    if (typeof outcome === 'string') return outcome;
    if (attempt === ATTEMPTS_MAX) throw unexpected(`Account ${person.email}`, outcome);
    await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}

async function signedIn(edge: EdgeClient, person: Credentials): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await signIn(edge, person);
    if ('session' in outcome) return outcome.session;
    if (attempt === ATTEMPTS_MAX) throw unexpected(`Sign-in of ${person.email}`, outcome.refused);
    await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}
