import type { ChangeKind } from '@meridian/policies/severity.ts';
import type { Finding } from '../finding.ts';
import { addedTo, isWrite, listed, methodAt, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { ANONYMOUS, causedBy, people, reachOf } from './reach.ts';
import type { Reach } from './reach.ts';

/** Who outside of the platform reaches more or less than before, and by which routes. */
export function reachFindings(comparison: Comparison): readonly Finding[] {
  const before = reachOf(comparison.base.graph);
  const after = reachOf(comparison.head.graph);
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].toSorted().flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (now === undefined) return old === undefined ? [] : goneRoutes(old, []);
    return [...comeWebhooks(comparison, old, now), ...ofRoutes(comparison, old, now)];
  });
}

function ofRoutes(comparison: Comparison, old: Reach | undefined, now: Reach): readonly Finding[] {
  if (now.routes.length === 0) return old === undefined ? [] : goneRoutes(old, now.webhooks);
  if (old === undefined || old.routes.length === 0) return [newMethod(comparison, now)];
  return [
    ...widened(comparison, old, now),
    ...narrowed(old, now),
    ...addedTo(old.routes, now.routes).map((route) =>
      ofMember(`service ${now.service}`, 'contract', {
        kind: 'route-added',
        subject: `${route} → ${methodName(now)}`,
        among: 'routes',
        word: now.method,
        consequence: `${people(now.who)} may ask by one more way for what they may ask for already`,
      }),
    ),
    ...goneRoutes({ ...old, webhooks: [] }, now.routes),
  ];
}

/** A method that nobody outside has reached before. */
function newMethod(comparison: Comparison, now: Reach): Finding {
  const writes = isWrite(comparison, now.path);
  const open = now.who.includes(ANONYMOUS);
  return ofMember(`service ${now.service}`, 'access', {
    kind: open || writes ? 'newly-reachable' : 'route-added',
    subject: `${who(now)} → ${now.routes[0] ?? ''} → ${methodName(now)}`,
    among: 'routes',
    word: now.method,
    before: 'nobody outside',
    after: people(now.who),
    consequence: asksFor(comparison, now),
  });
}

function comeWebhooks(
  comparison: Comparison,
  old: Reach | undefined,
  now: Reach,
): readonly Finding[] {
  return addedTo(old?.webhooks ?? [], now.webhooks).map((route) =>
    ofMember(`service ${now.service}`, 'contract', {
      kind: 'newly-reachable',
      subject: `systems outside → ${route} → ${methodName(now)}`,
      among: 'routes',
      word: now.method,
      consequence: `the edge asks nobody there for a token; ${asksFor(comparison, now)}`,
    }),
  );
}

/** Those who may ask now and might not before; whoever asks anonymously may have any role. */
function widened(comparison: Comparison, old: Reach, now: Reach): readonly Finding[] {
  const come = addedTo(old.who, now.who);
  if (come.length === 0) return [];
  const open = come.includes(ANONYMOUS);
  const writes = isWrite(comparison, now.path);
  const kind: ChangeKind = writes ? 'newly-reachable' : open ? 'sign-in-dropped' : 'rights-added';
  return [
    ofMember(`service ${now.service}`, 'access', {
      kind,
      subject: `${open ? ANONYMOUS : come.join(', ')} → ${now.routes[0] ?? ''} → ${methodName(now)}`,
      among: 'routes',
      word: now.method,
      property: 'who may ask',
      before: people(old.who),
      after: people(now.who),
      consequence: open
        ? `authorisation is gone: ${asksFor(comparison, now)}`
        : asksFor(comparison, now),
    }),
  ];
}

function narrowed(old: Reach, now: Reach): readonly Finding[] {
  const gone = addedTo(now.who, old.who);
  if (gone.length === 0) return [];
  const status = gone.includes(ANONYMOUS) ? '401 without a token' : '403';
  return [
    ofMember(`service ${now.service}`, 'access', {
      kind: 'rights-removed',
      subject: `${gone.join(', ')} → ${now.routes[0] ?? ''} → ${methodName(now)}`,
      among: 'routes',
      word: now.method,
      property: 'who may ask',
      before: people(old.who),
      after: people(now.who),
      consequence: `those who asked get ${status}`,
    }),
  ];
}

function goneRoutes(old: Reach, kept: readonly string[]): readonly Finding[] {
  return addedTo(kept, [...old.routes, ...old.webhooks]).map((route) =>
    ofMember(`service ${old.service}`, 'contract', {
      kind: 'route-removed',
      subject: `${route} → ${methodName(old)}`,
      among: 'routes',
      word: old.method,
      consequence: old.routes.includes(route)
        ? `${people(old.who)} asked for it, and get 404 now`
        : 'the system outside that sends to it gets 404, and what it says is lost',
    }),
  );
}

function who({ who: all }: Reach): string {
  return all.includes(ANONYMOUS) ? ANONYMOUS : all.join(', ');
}

function methodName({ service, method }: Reach): string {
  return `${service}.${method}`;
}

/** What a request to a method does, and what writes it can lead to besides. */
function asksFor(comparison: Comparison, { service, path }: Reach): string {
  const { graph } = comparison.head;
  const caused = causedBy(graph, service)
    .filter((one) => isWrite(comparison, one))
    .flatMap((one) => {
      const found = methodAt(graph, one);
      return found === undefined ? [] : [`${found.service}.${found.method}`];
    });
  const does = isWrite(comparison, path)
    ? `it changes what ${service} keeps`
    : `it reads what ${service} keeps`;
  const may = caused.length === 0 ? '' : `, and may lead to ${listed(caused)}`;
  return isWrite(comparison, path) ? `${does}${may}` : does;
}
