import { fieldsOf, listOf, objectsIn, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { amountText } from './amount-text.ts';
import { secondsOf } from './amounts.ts';
import { each, missingIn, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** All of an object by which others are believed: an issuer, a bundle of authorities, a rule of admission. */
export function believed(field: RegExp, consequence: string): Aspect {
  const changed = each(field, 'trust-changed', consequence);
  return {
    field,
    isOfWholes: true,
    tell: (change, lines) => {
      if (change.operation !== 'create' && change.operation !== 'delete') {
        return changed.tell(change, lines);
      }
      const isNew = change.operation === 'create';
      return [
        {
          kind: 'trust-changed',
          before: isNew ? 'none' : 'there',
          after: isNew ? 'there' : 'none',
          consequence,
        },
      ];
    },
  };
}

/** What a certificate says and who signs it. Source: cert-manager 1.21, Certificate. */
export const certificate: readonly Aspect[] = [
  each(
    /^spec\.(?:issuerRef|privateKey|isCA|usages|signatureAlgorithm|nameConstraints|encodeUsagesInRequest)\b/,
    'trust-changed',
    'what it proves, or by whom, is another',
  ),
  {
    field: /^spec\.(?:duration|renewBefore\w*)$/,
    tell: (_change, lines) =>
      lines.map((line) => ({
        kind: 'trust-changed',
        property: line.property,
        ...lifetimes(line),
        consequence: lifetimeConsequence(line),
      })),
  },
  {
    field:
      /^spec\.(?:commonName|dnsNames|uris|ipAddresses|emailAddresses|subject|literalSubject|otherNames)\b/,
    tell: ({ before, after }) => {
      const [was, is] = [namesIn(before), namesIn(after)];
      return [
        ...missingIn(is, was).map((name): Told => ({
          kind: 'rights-added',
          property: name,
          consequence: 'whoever has its key is taken for that name',
        })),
        ...missingIn(was, is).map((name): Told => ({
          kind: 'rights-removed',
          property: name,
          consequence: 'clients that ask for that name refuse it',
        })),
      ];
    },
  },
  each(
    /^spec\.secretName$/,
    'unknown-change',
    'whoever reads the old Secret keeps an old certificate',
  ),
  each(
    /^spec\.(?:secretTemplate|keystores|additionalOutputFormats|revisionHistoryLimit)\b/,
    'object-changed',
    'it is kept elsewhere',
  ),
];

/** cert-manager's own lifetime of a certificate, where none is said. Source: cert-manager 1.21, DefaultCertificateDuration. */
const DEFAULT_SECONDS = 90 * 86_400;

function lifetimes(line: PropertyLine): ReturnType<typeof sides> {
  const told = sides(line);
  return {
    before: amountText(line.property, line.before) ?? told.before,
    after: amountText(line.property, line.after) ?? told.after,
  };
}

function lifetimeConsequence({ property, before, after }: PropertyLine): string {
  const [was, is] = [before, after].map((span) =>
    span === undefined && property === 'spec.duration' ? DEFAULT_SECONDS : secondsOf(span),
  );
  if (was === undefined || is === undefined) return 'it is good, or renewed, for another time';
  if (property !== 'spec.duration') {
    return is < was
      ? 'it is renewed later: there is less time to fix a renewal that fails'
      : 'it is renewed sooner, and more often';
  }
  return is < was
    ? 'it ends sooner: whatever is not renewed by then is refused by everybody'
    : 'a key that is taken is good for longer';
}

function namesIn(object: Fields | undefined): readonly string[] {
  const spec = fieldsOf(object?.['spec']);
  const lists = ['dnsNames', 'uris', 'ipAddresses', 'emailAddresses'].flatMap((list) =>
    listOf(spec[list]).map(wordOf),
  );
  const common = textOf(spec['commonName']);
  const subject = spec['subject'] === undefined ? [] : [JSON.stringify(spec['subject'])];
  return [...(common === '' ? [] : [common]), ...lists, ...subject];
}

/** Accounts of a cloud that a ServiceAccount stands for. Sources: Amazon EKS, GKE and AKS, workload identity. */
const FEDERATED =
  /^metadata\.(?:annotations|labels)\["(?:eks\.amazonaws\.com|iam\.gke\.io|azure\.workload\.identity)\//;

/** An account outside of the cluster that is taken over. */
export const federation = each(
  FEDERATED,
  'trust-changed',
  'its pods are somebody else outside of the cluster',
);

/** Listeners of Kafka: who gets to it, and who is believed. Source: Strimzi 1.2, `GenericKafkaListener`. */
export const kafkaListeners: Aspect = {
  field:
    /^spec\.kafka\.(?:listeners|authorization)\b|^spec\.kafka\.config\["(?:allow\.everyone|super\.users)/,
  tell: ({ before, after }) => {
    const [was, is] = [listenersOf(before), listenersOf(after)];
    return [
      ...[...is].flatMap(([name, listener]) => listenerChange(name, was.get(name), listener)),
      ...missingIn([...was.keys()], [...is.keys()]).map((name): Told => ({
        kind: 'network-closed',
        property: `listener ${name}`,
        consequence: 'its clients get no connection',
      })),
      ...anonymous(before, after),
    ];
  },
};

type Listeners = ReadonlyMap<string, Fields>;

function listenersOf(kafka: Fields | undefined): Listeners {
  return new Map(
    objectsIn(valueAt(kafka, 'spec.kafka.listeners')).map((listener) => [
      textOf(listener['name']),
      listener,
    ]),
  );
}

function listenerChange(name: string, was: Fields | undefined, is: Fields): readonly Told[] {
  const property = `listener ${name}`;
  const found: Told[] = [];
  if (is['type'] !== 'internal' && is['type'] !== was?.['type']) {
    const [before, after] = [textOf(was?.['type']) || 'none', textOf(is['type'])];
    found.push({
      kind: 'newly-reachable',
      property,
      before,
      after,
      consequence: 'the queue is reached from outside of the cluster',
    });
  }
  if (!provesClients(is) && (was === undefined || provesClients(was))) {
    found.push({
      kind: 'sign-in-dropped',
      property,
      before: was === undefined ? 'none' : askedOf(was),
      after: askedOf(is),
      consequence: 'clients need no certificate there',
    });
  }
  if (was !== undefined && JSON.stringify(was) !== JSON.stringify(is) && found.length === 0) {
    found.push({
      kind: 'trust-changed',
      property,
      consequence: 'it takes other clients, or shows another certificate',
    });
  }
  if (was === undefined && found.length === 0) {
    found.push({ kind: 'network-opened', property, consequence: 'clients connect there as well' });
  }
  return found;
}

/** What a listener asks of its clients, in a few words. */
function askedOf(listener: Fields): string {
  const { type, listenerConfig } = fieldsOf(listener['authentication']);
  if (listener['tls'] !== true) return 'no TLS';
  if (type === undefined) return 'no authentication';
  if (type !== 'custom') return `authentication ${textOf(type)}`;
  return `ssl.client.auth ${textOf(fieldsOf(listenerConfig)['ssl.client.auth']) || 'none'}`;
}

function provesClients(listener: Fields): boolean {
  const { type, listenerConfig } = fieldsOf(listener['authentication']);
  const asked = fieldsOf(listenerConfig)['ssl.client.auth'];
  return (
    listener['tls'] === true && type !== undefined && (type !== 'custom' || asked === 'required')
  );
}

function anonymous(before: Fields | undefined, after: Fields | undefined): readonly Told[] {
  const isOpen = (kafka: Fields | undefined): boolean =>
    valueAt(kafka, 'spec.kafka.authorization') === undefined ||
    wordOf(fieldsOf(valueAt(kafka, 'spec.kafka.config'))['allow.everyone.if.no.acl.found']) ===
      'true';
  const superUsers = (kafka: Fields | undefined): readonly string[] =>
    listOf(valueAt(kafka, 'spec.kafka.authorization.superUsers')).map(wordOf);
  const open: readonly Told[] =
    isOpen(after) && !isOpen(before)
      ? [
          {
            kind: 'rights-for-all',
            property: 'authorization',
            consequence: 'every client reads and writes every topic',
          },
        ]
      : [];
  return [
    ...open,
    ...missingIn(superUsers(after), superUsers(before)).map((user): Told => ({
      kind: 'rights-for-all',
      property: `super user ${user}`,
      consequence: 'no list of rights holds for it',
    })),
  ];
}
