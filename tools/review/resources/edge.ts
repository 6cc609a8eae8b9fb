import { fieldsOf, listOf, objectsIn, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { missingIn, short } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { ways } from './network.ts';

/** Ways into a Gateway. Source: Gateway API 1.6, Gateway, `listeners`. */
export const gatewayListeners: Aspect = {
  field: /^spec\.(?:listeners|addresses|gatewayClassName|allowedListeners)\b/,
  isOfWholes: true,
  tell: (change, lines) => {
    const told = ways(change, listenersOf, 'requests come in there that did not');
    const [certificatesBefore, certificates] = [change.before, change.after].map(certificatesOf);
    const changed = missingIn(certificates ?? [], certificatesBefore ?? []);
    return [
      ...told,
      ...(change.operation === 'create' ? [] : changed).map((property): Told => ({
        kind: 'trust-changed',
        property,
        consequence: 'clients are shown another certificate',
      })),
      ...(told.length === 0 && changed.length === 0 && lines.length > 0 ? [otherwise()] : []),
    ];
  },
};

function otherwise(): Told {
  return {
    kind: 'unknown-change',
    property: 'listeners',
    consequence: 'requests may come in another way',
  };
}

function listenersOf(gateway: Fields | undefined): readonly string[] {
  return objectsIn(valueAt(gateway, 'spec.listeners')).map((listener) => {
    const { protocol, port, hostname, allowedRoutes } = listener;
    const from = textOf(valueAt(allowedRoutes, 'namespaces.from')) || 'Same';
    const selector = valueAt(allowedRoutes, 'namespaces.selector');
    const routes = from === 'Selector' ? JSON.stringify(selector) : from;
    return `${wordOf(protocol)} :${wordOf(port)} for ${textOf(hostname) || 'every host'}, routes of ${routes}`;
  });
}

function certificatesOf(gateway: Fields | undefined): readonly string[] {
  return objectsIn(valueAt(gateway, 'spec.listeners')).flatMap(({ tls }) => {
    const { mode, certificateRefs, frontendValidation } = fieldsOf(tls);
    return [
      ...objectsIn(certificateRefs).map(({ name }) => `${wordOf(mode)} by ${wordOf(name)}`),
      ...(frontendValidation === undefined ? [] : [JSON.stringify(frontendValidation)]),
    ];
  });
}

/** Where requests go. Source: Gateway API 1.6, HTTPRoute. */
export const httpRoute: Aspect = {
  field: /^spec\.(?:parentRefs|hostnames|rules)\b/,
  isOfWholes: true,
  tell: (change, lines) => {
    const entrances = ways(change, entrancesOf, 'requests get there that did not');
    const [was, is] = [matchesOf(change.before), matchesOf(change.after)];
    const routes = [
      ...missingIn(is, was).map((property): Told => ({
        kind: 'route-added',
        property,
        consequence: 'requests of that form are taken',
      })),
      ...missingIn(was, is).map((property): Told => ({
        kind: 'route-removed',
        property,
        consequence: 'requests of that form get 404',
      })),
    ];
    const limits = lines.filter(({ property }) => /\.(?:timeouts|retry)\b/.test(property));
    const others = lines.filter(({ property }) => /\.(?:filters|weight)\b/.test(property));
    return [
      ...entrances,
      ...routes,
      ...limits.map(({ property }): Told => ({
        kind: 'limits-changed',
        property,
        consequence: 'requests are given up sooner or later',
      })),
      ...others.map(({ property }): Told => ({
        kind: 'unknown-change',
        property,
        consequence: 'requests go another way, or are others when they arrive',
      })),
    ];
  },
};

function entrancesOf(route: Fields | undefined): readonly string[] {
  const spec = fieldsOf(route?.['spec']);
  const backends = objectsIn(spec['rules']).flatMap(({ backendRefs }) =>
    objectsIn(backendRefs).map(({ name, namespace, port }) => {
      const place = namespace === undefined ? '' : `${short(namespace)}/`;
      return `to ${place}${wordOf(name)} :${wordOf(port)}`;
    }),
  );
  return [
    ...listOf(spec['hostnames']).map((host) => `host ${wordOf(host)}`),
    ...objectsIn(spec['parentRefs']).map(
      ({ name, namespace, sectionName }) =>
        `at ${textOf(namespace)}/${wordOf(name)} ${textOf(sectionName)}`,
    ),
    ...backends,
  ];
}

function matchesOf(route: Fields | undefined): readonly string[] {
  return objectsIn(valueAt(route, 'spec.rules')).flatMap(({ matches }) =>
    objectsIn(matches).map(({ path, method, headers }) => {
      const { type, value } = fieldsOf(path);
      const names = objectsIn(headers).map(
        (header) =>
          `${textOf(header['type'])} ${wordOf(header['name'])}=${wordOf(header['value'])}`,
      );
      return [textOf(method) || 'any method', textOf(type), textOf(value) || '/', ...names].join(
        ' ',
      );
    }),
  );
}
