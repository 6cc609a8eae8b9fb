import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { PostgresStore, Store } from '@meridian/components/model/store.ts';
import type { Finding } from '../finding.ts';
import { addedTo, listed, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

/** A store with the service that declares it. */
interface OwnedStore {
  readonly owner: string;
  readonly store: Store;
}

/** What holds a store, and what of it comes back when it is lost. */
const NOUN = { postgres: 'database', redis: 'key space', elasticsearch: 'index' } as const;

/** Every member that a store of any kind has. */
type AnyStore = Omit<PostgresStore, 'kind' | 'binding'> & Pick<Store, 'kind' | 'binding'>;

const STORE: Comparators<AnyStore, OwnedStore> = {
  kind: toldBy('the pairing of stores by their bindings, which have it'),
  name: toldBy('the pairing of stores by their bindings, which have it'),
  binding: toldBy('the pairing of stores by their bindings'),
  // What is not implemented is not landed.
  implemented: toldBy('stores that come and go'),
  migrations: (before, after, owned) => [
    changed(owned, 'migrations', {
      kind: 'store-changed',
      ...{ property: 'migrations', before, after },
      consequence: 'the schema is made by other files than those that made it',
    }),
  ],
  appendOnly: (before, after, owned) => [
    ...list(addedTo(after, before), (tables) =>
      changed(owned, 'appendOnly', {
        kind: 'data-unprotected',
        ...{ property: 'append-only tables', before: tables, after: 'may be changed' },
        consequence: `the role of ${owned.owner} may change and delete rows that it could only add`,
      }),
    ),
    ...list(addedTo(before, after), (tables) =>
      changed(owned, 'appendOnly', {
        kind: 'rights-removed',
        ...{ property: 'append-only tables', before: 'may be changed', after: tables },
        consequence: `the role of ${owned.owner} may only add rows there: code that changes them fails`,
      }),
    ),
  ],
  sessions: (before, after, owned) => [
    changed(owned, 'sessions', {
      kind: 'limits-changed',
      ...{ property: 'sessions of a process', before: String(before), after: String(after) },
      consequence: 'all other pools share what is left of the connections',
    }),
  ],
  keepDays: (before, after, owned) => {
    const isLess = daysOf(after) < daysOf(before);
    return [
      changed(owned, 'keepDays', {
        kind: isLess ? 'retention-cut' : 'retention-extended',
        ...{ property: 'days in the database', before: kept(before), after: kept(after) },
        consequence: isLess
          ? 'what is older may leave the database for an archive'
          : 'the database holds more',
      }),
    ];
  },
};

/** Where data are, and by which rules they are kept. */
export function storeFindings({ base, head }: Comparison): readonly Finding[] {
  const [before, after] = [base.graph, head.graph].map(storesOf) as [OwnedStore[], OwnedStore[]];
  const { gone, come, both } = matched(before, after, ({ store }) => store.binding);
  return [
    ...gone.map((owned) => lost(owned, come)),
    ...come.map((owned) =>
      ofMember(`store ${owned.store.binding}`, 'name', {
        kind: 'object-added',
        ...{ subject: storeName(owned), among: 'stores', word: owned.store.name },
        consequence: 'it is empty yet',
      }),
    ),
    ...both.flatMap(([old, now]) => [
      ...(old.owner === now.owner ? [] : [moved(old, now)]),
      ...compareMembers<AnyStore, OwnedStore>(STORE, old.store as AnyStore, now.store as AnyStore, {
        context: now,
        node: {
          declaration: `store ${now.store.binding}`,
          ...{ subject: storeName(now), among: 'stores' },
        },
      }),
    ]),
  ];
}

function storesOf({ services }: PlatformGraph): OwnedStore[] {
  return services.flatMap(({ name, stores }) => stores.map((store) => ({ owner: name, store })));
}

function storeName({ owner, store }: OwnedStore): string {
  return `${NOUN[store.kind]} ${store.name} of ${owner}`;
}

/** A database is the only place of what it holds; the others can be filled again. */
function lost(owned: OwnedStore, come: readonly OwnedStore[]): Finding {
  const { owner, store } = owned;
  const instead = come.find((one) => one.owner === owner && one.store.kind === store.kind);
  const from = { subject: storeName(owned), among: 'stores', word: store.name };
  const after = instead === undefined ? 'none' : instead.store.name;
  const named = { property: NOUN[store.kind], before: store.name, after };
  if (store.kind !== 'postgres') {
    return ofMember(`service ${owner}`, 'stores', {
      kind: 'store-changed',
      ...from,
      ...named,
      consequence:
        store.kind === 'redis'
          ? 'what it holds is lost, and what reads it goes without'
          : 'what it holds is lost until it is built again',
    });
  }
  return ofMember(`service ${owner}`, 'stores', {
    kind: instead === undefined ? 'data-deleted' : 'data-replaced',
    ...from,
    ...named,
    consequence:
      instead === undefined
        ? `all that ${owner} keeps in it is nobody's any more, and goes with the database`
        : `${owner} begins with an empty database; what the former one holds stays behind or goes`,
  });
}

function moved(old: OwnedStore, now: OwnedStore): Finding {
  return ofMember(`store ${now.store.binding}`, 'name', {
    kind: 'writer-added',
    ...{ subject: storeName(now), among: 'stores', word: now.store.name },
    ...{ property: 'who has it', before: old.owner, after: now.owner },
    consequence: `the role of ${now.owner} reads and changes what ${old.owner} kept`,
  });
}

function changed(
  owned: OwnedStore,
  member: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  const { binding } = owned.store;
  return {
    ...finding,
    ...{ subject: storeName(owned), among: 'stores' },
    from: { declaration: `store ${binding}`, member, word: member },
  };
}

function list(names: readonly string[], finding: (listed: string) => Finding): readonly Finding[] {
  return names.length === 0 ? [] : [finding(listed(names))];
}

/** Null is for ever; a store without it moves nothing. */
function daysOf(days: number | null | undefined): number {
  return days ?? Number.POSITIVE_INFINITY;
}

function kept(days: number | null | undefined): string {
  return days === null || days === undefined ? 'for ever' : String(days);
}
