import type {
  ContractShapes,
  EnumValueShape,
  FieldShape,
  MethodShape,
} from '@meridian/components/model/contract-shapes.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { Finding } from '../finding.ts';
import { addedTo, listed, matched, methodAt, ofMember } from './comparison.ts';
import type { Comparison, MethodReference } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

/**
 * What callers and consumers that are deployed would ask for and not get, and what a contract has more. Whether a change
 * of messages matters is whether a method that somebody may call, or a topic that somebody consumes, reaches them.
 */
export function contractFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const before = usedMessages(base);
  return [
    ...methodFindings(comparison),
    ...Object.entries(base.contracts.messages).flatMap(([name, fields]) =>
      fieldFindings(before.get(name), name, fields, head.contracts.messages[name]),
    ),
    ...Object.entries(base.contracts.enums).flatMap(([name, values]) =>
      valueFindings(before.get(name), name, values, head.contracts.enums[name]),
    ),
    ...eventFindings(comparison),
  ];
}

/** A use of a message, the first that was found. */
interface Use {
  /** The service of whose contract it is. */
  readonly service: string;
  /** Who asks: callers of a method, or consumers of a topic. */
  readonly users: readonly string[];
}

/** Messages and enums that somebody deployed depends on, by their names. */
function usedMessages({ graph, contracts }: Comparison['base']): ReadonlyMap<string, Use> {
  const used = new Map<string, Use>();
  const visit = (name: string, use: Use): void => {
    if (used.has(name)) return;
    const fields = contracts.messages[name];
    if (fields === undefined && contracts.enums[name] === undefined) return;
    used.set(name, use);
    for (const { type } of fields ?? []) visit(elementOf(type), use);
  };
  for (const [path, { input, output }] of Object.entries(contracts.methods)) {
    const service = methodAt(graph, path)?.service;
    const users = callersOf(graph, service, path);
    if (service === undefined || users.length === 0) continue;
    [input, output].forEach((name) => {
      visit(name, { service, users });
    });
  }
  for (const { name, publishers, consumers } of graph.topics) {
    const [service = ''] = publishers;
    for (const event of consumers.length === 0 ? [] : (contracts.events[name] ?? [])) {
      visit(event, { service, users: consumers });
    }
  }
  return used;
}

/** What a list or map is of. */
function elementOf(type: string): string {
  return type.replace(/^(?:list of |map of \w+ to )/, '');
}

function callersOf(
  graph: LandedGraph,
  service: string | undefined,
  path: string,
): readonly string[] {
  return graph.allow[service ?? '']?.[path] ?? [];
}

interface ComparedMethod extends MethodReference {
  readonly callers: readonly string[];
}

const METHOD: Comparators<MethodShape, ComparedMethod> = {
  input: (before, after, method) => [ofMethod(method, 'request', before, after)],
  output: (before, after, method) => [ofMethod(method, 'answer', before, after)],
  writes: (before, after, method) => [
    {
      ...ofMethod(method, 'what it does', does(before), does(after)),
      consequence: before
        ? 'what changes something is sent again where no answer came, as if it changed nothing'
        : 'callers that ask again change something each time',
    },
  ],
  repeatable: (before, after, method) => [
    {
      ...ofMethod(method, 'sent again', before ? 'safely' : 'never', after ? 'safely' : 'never'),
      consequence: after
        ? 'the edge sends it again where no answer came: it has to change nothing twice'
        : 'a caller that got no answer and asks again does it twice',
    },
  ],
};

/** Methods of both sides; those that come and go are told of their service. */
function methodFindings({ base, head }: Comparison): readonly Finding[] {
  return Object.entries(base.contracts.methods).flatMap(([path, before]) => {
    const after = head.contracts.methods[path];
    const method = methodAt(base.graph, path);
    if (after === undefined || method === undefined) return [];
    const { service } = method;
    return compareMembers(METHOD, before, after, {
      context: { ...method, callers: callersOf(base.graph, service, path) },
      node: {
        declaration: `service ${service}`,
        subject: `${service}.${method.method}`,
        among: 'methods',
      },
    });
  });
}

function does(writes: boolean): string {
  return writes ? 'it writes' : 'it reads';
}

function ofMethod(
  { service, method, callers }: ComparedMethod,
  property: string,
  before: string,
  after: string,
): Finding {
  return ofMember(`service ${service}`, 'contract', {
    kind: 'contract-broken',
    ...{ subject: `${service}.${method}`, among: 'methods', word: method },
    ...{ property, before, after },
    consequence:
      callers.length === 0 ? 'no deployed caller asks for it' : `${listed(callers)} ask as before`,
  });
}

/** What a field is to whoever reads messages that somebody else wrote. */
const FIELD: Comparators<FieldShape, OfMessage & { readonly field: string }> = {
  number: toldBy('the pairing of fields by their numbers'),
  name: (before, after, of) => [
    ofField(of, {
      property: 'name',
      before,
      after,
      consequence: 'JSON at the edge has it under another name',
    }),
  ],
  type: (before, after, of) => [
    ofField(of, {
      property: 'type',
      before,
      after,
      consequence: 'what one side writes the other reads as something else',
    }),
  ],
  oneof: (before, after, of) => [
    ofField(of, {
      property: 'choice',
      before: before ?? 'none',
      after: after ?? 'none',
      consequence: 'where two of a choice are set one is dropped',
    }),
  ],
  options: (before, after, of) => [
    ofField(of, {
      property: 'constraints',
      before: before === '' ? 'none' : 'some',
      after: after === '' ? 'none' : 'others',
      consequence: 'what was valid may be refused',
    }),
  ],
};

interface OfMessage extends Use {
  readonly message: string;
}

function fieldFindings(
  use: Use | undefined,
  name: string,
  before: readonly FieldShape[],
  after: readonly FieldShape[] | undefined,
): readonly Finding[] {
  if (use === undefined) return [];
  const of = { ...use, message: shortName(name) };
  if (after === undefined) return [];
  const { gone, come, both } = matched(before, after, ({ number }) => String(number));
  return [
    ...gone.map((field) => {
      const now = after.find((one) => one.name === field.name);
      return ofField(
        { ...of, field: field.name },
        {
          property: 'number',
          before: String(field.number),
          after: now === undefined ? 'none' : String(now.number),
          consequence:
            now === undefined
              ? `${listed(use.users)} ask for it or send it, and get nothing`
              : `${listed(use.users)} find nothing where they look for it`,
        },
      );
    }),
    ...come
      .filter((field) => before.every((one) => one.name !== field.name))
      .map((field) =>
        ofMember(`service ${use.service}`, 'contract', {
          kind: 'contract-extended',
          ...{ subject: `${of.message}.${field.name}`, among: 'fields', word: field.name },
          consequence: 'those who know of it may use it',
        }),
      ),
    ...both.flatMap(([old, now]) =>
      compareMembers(FIELD, old, now, {
        context: { ...of, field: old.name },
        node: {
          declaration: `service ${use.service}`,
          subject: `${of.message}.${old.name}`,
          among: 'fields',
        },
      }),
    ),
  ];
}

function ofField(
  { service, message, field }: OfMessage & { readonly field: string },
  given: Pick<Finding, 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  return ofMember(`service ${service}`, 'contract', {
    kind: 'contract-broken',
    ...{ subject: `${message}.${field}`, among: 'fields', word: field },
    ...given,
  });
}

function valueFindings(
  use: Use | undefined,
  name: string,
  before: readonly EnumValueShape[],
  after: readonly EnumValueShape[] | undefined,
): readonly Finding[] {
  if (use === undefined || after === undefined) return [];
  return [
    ...before.flatMap((old) => {
      const now = after.find(({ number }) => number === old.number);
      if (now?.name === old.name) return [];
      return [
        ofMember(`service ${use.service}`, 'contract', {
          kind: 'contract-broken',
          ...{ subject: `${shortName(name)} ${old.name}`, among: 'values', word: old.name },
          ...{ before: old.name, after: now?.name ?? 'none' },
          consequence: `${listed(use.users)} send it, or wait for it`,
        }),
      ];
    }),
    ...after
      .filter(({ number }) => before.every((one) => one.number !== number))
      .map((now) =>
        ofMember(`service ${use.service}`, 'contract', {
          kind: 'contract-extended',
          ...{ subject: `${shortName(name)} ${now.name}`, among: 'values', word: now.name },
          consequence: `${listed(use.users)} may meet a value that they do not know`,
        }),
      ),
  ];
}

function eventFindings({ base, head }: Comparison): readonly Finding[] {
  return head.graph.topics.flatMap(({ name, consumers }) => {
    const [before, after] = [base, head].map(
      ({ contracts }: { readonly contracts: ContractShapes }) => contracts.events[name],
    );
    if (before === undefined || after === undefined) return [];
    const readers = consumers.length === 0 ? 'nobody reads it' : `${listed(consumers)} handle it`;
    const event = (type: string, kind: Finding['kind'], consequence: string) =>
      ofMember(`topic ${name}`, 'events', {
        kind,
        ...{ subject: `${shortName(type)} of ${name}`, among: 'events' },
        word: `${shortName(type)}Schema`,
        consequence,
      });
    return [
      ...addedTo(after, before).map((type) =>
        event(type, 'contract-broken', `${readers}, and are not told of it any more`),
      ),
      ...addedTo(before, after).map((type) =>
        event(type, 'topic-changed', `${readers}, if they know of it`),
      ),
    ];
  });
}

function shortName(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf('.') + 1);
}
