import { fieldsOf, listOf, objectsIn, shown, valueAt, wordOf } from '../fields.ts';
import type { ClusterObject, Fields, ObjectRule } from '../rule.ts';

export const enginesSpeakTlsAlone: ObjectRule = {
  id: 'engines-speak-tls-alone',
  statement: 'Engines take connections by TLS alone, from clients that prove who they are',
  reason: 'passwords and rows go over the network in clear text, or anybody may write',
  fix: 'components/<engine>/kubernetes',
  problemsOf: (object) => ENGINES[object.kind]?.(object) ?? [],
};

const ENGINES: Readonly<Record<string, (object: ClusterObject) => readonly string[]>> = {
  Kafka: ({ fields }) => [
    ...objectsIn(valueAt(fields, 'spec.kafka.listeners')).flatMap(listenerProblems),
    ...(valueAt(fields, 'spec.kafka.authorization.type') === undefined
      ? ['spec.kafka.authorization is missing, so that everybody may do everything']
      : []),
  ],
  Cluster: ({ fields }) =>
    listOf(valueAt(fields, 'spec.postgresql.pg_hba'))
      .map(wordOf)
      .filter((line) => !/^hostssl\s|\sreject$/.test(line))
      .map((line) => `pg_hba lets in without TLS: '${line}'`),
  Elasticsearch: ({ fields }) => [
    ...(valueAt(fields, 'spec.http.tls.selfSignedCertificate.disabled') === true
      ? ['http.tls is off']
      : []),
    ...objectsIn(valueAt(fields, 'spec.nodeSets')).flatMap(({ name, config }) =>
      ['xpack.security.enabled', 'xpack.security.http.ssl.enabled']
        .filter((setting) => fieldsOf(config)[setting] === false)
        .map((setting) => `nodeSet '${wordOf(name)}' has ${setting} off`),
    ),
  ],
};

function listenerProblems({ name, tls, authentication }: Fields): readonly string[] {
  return [
    ...(tls === true ? [] : [`listener '${wordOf(name)}' has no TLS`]),
    ...(authentication === undefined ? [`listener '${wordOf(name)}' asks nobody who he is`] : []),
  ];
}

export const theEdgeSpeaksTlsAlone: ObjectRule = {
  id: 'the-edge-speaks-tls-alone',
  statement: 'The edge serves by TLS 1.2 or newer; by plain HTTP it says where to go',
  reason: 'passwords and tokens of users go over the internet in clear text',
  fix: 'components/edge/kubernetes',
  problemsOf: ({ kind, fields }) => {
    if (kind === 'ClientTrafficPolicy') {
      const oldest = valueAt(fields, 'spec.tls.minVersion');
      return oldest === undefined || oldest === '1.2' || oldest === '1.3'
        ? []
        : [`tls.minVersion must be 1.2 or 1.3, got ${shown(oldest)}`];
    }
    if (kind === 'Gateway') {
      return objectsIn(valueAt(fields, 'spec.listeners'))
        .filter(
          ({ protocol, tls }) => protocol !== 'HTTP' && valueAt(tls, 'mode') === 'Passthrough',
        )
        .map(({ name }) => `listener '${wordOf(name)}' passes TLS through`);
    }
    return kind === 'HTTPRoute' ? plainRouteProblems(fields) : [];
  },
};

/** A route at the listener for plain HTTP may redirect, and nothing else. */
function plainRouteProblems(fields: Fields): readonly string[] {
  const isPlain = objectsIn(valueAt(fields, 'spec.parentRefs')).some(
    ({ sectionName }) => sectionName === undefined || sectionName === 'http',
  );
  const serves = objectsIn(valueAt(fields, 'spec.rules')).some(
    ({ backendRefs }) => listOf(backendRefs).length > 0,
  );
  return isPlain && serves ? ['serves requests by plain HTTP'] : [];
}
