import type { DescMethod } from '@bufbuild/protobuf';
import { httpRoutes, takesWebhooks, webhookRoutes } from '../http-route.ts';
import type { PlatformProps } from '../platform.ts';
import { EXPOSURES } from '../service.ts';
import type { AnyService } from '../service.ts';
import { PLATFORM_FILE, quoted, quotedList, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** What the outside can reach: nothing is exposed or hidden by accident. */
export function exposureProblems({ name, services }: PlatformProps): Problem[] {
  const unknown = services.flatMap(unknownExposure);
  // Each other rule depends on it.
  if (unknown.length > 0) return unknown;
  const edges = services.filter((service) => service.exposure === 'edge');
  return [
    ...edgeProblems(
      name,
      edges.map((service) => service.name),
    ),
    ...services.flatMap((service) => [
      ...contractProblems(service),
      ...internalNameProblems(service),
      ...methodExposureProblems(service),
      ...webhookProblems(service),
    ]),
    ...routeProblems(services),
  ];
}

function unknownExposure({ name, exposure }: AnyService): Problem[] {
  if (EXPOSURES.includes(exposure)) return [];
  return [
    {
      subject: `Service '${name}'`,
      rule: `exposure must be one of ${quotedList(EXPOSURES)}`,
      given: quoted(exposure),
      fix: `set it in ${serviceFile(name)}`,
    },
  ];
}

function edgeProblems(platform: string, edges: readonly string[]): Problem[] {
  if (edges.length === 1) return [];
  return [
    {
      subject: `Platform '${platform}'`,
      rule: "exactly one service must have the exposure 'edge'",
      given: quotedList(edges),
      fix: `set it in ${edges.length === 0 ? PLATFORM_FILE : edges.map(serviceFile).join(' or ')}`,
    },
  ];
}

function contractProblems(service: AnyService): Problem[] {
  if (service.contract !== undefined || service.exposure === 'edge') return [];
  return [
    {
      subject: `Service '${service.name}'`,
      rule: "it must have a contract unless its exposure is 'edge'",
      given: 'none',
      fix: `set it in ${serviceFile(service.name)}`,
    },
  ];
}

function internalNameProblems(service: AnyService): Problem[] {
  const known = methodsOf(service).map((method) => method.localName);
  const unknown = service.internalMethods.filter((method) => !known.includes(method));
  if (unknown.length === 0) return [];
  return [
    {
      subject: `Service '${service.name}'`,
      rule: `internalMethods must be methods of its contract (${quotedList(known)})`,
      given: quotedList(unknown),
      fix: `set it in ${serviceFile(service.name)}`,
    },
  ];
}

function methodExposureProblems(service: AnyService): Problem[] {
  const subject = `Service '${service.name}'`;
  const file = serviceFile(service.name);
  return methodsOf(service).flatMap((method): Problem[] => {
    const routed = httpRoutes(method).length > 0;
    const internal = service.internalMethods.includes(method.localName);
    const given = routed ? 'one with an annotation' : 'one without';
    if (service.exposure !== 'public') {
      if (!routed) return [];
      const rule = `method '${method.localName}' must not have a google.api.http annotation, because the service is not public`;
      return [
        { subject, rule, given, fix: `remove it in the contract or set exposure in ${file}` },
      ];
    }
    if (routed !== internal) return [];
    const rule = `method '${method.localName}' must either have a google.api.http annotation or be listed in internalMethods`;
    return [
      {
        subject,
        rule,
        given: routed ? 'both' : 'neither',
        fix: `decide it in the contract or in ${file}`,
      },
    ];
  });
}

/** Who sends a webhook is for the method to find out, so it runs for nobody. */
function webhookProblems(service: AnyService): Problem[] {
  const subject = `Service '${service.name}'`;
  const fix = `set it in its contract or in ${serviceFile(service.name)}`;
  return methodsOf(service)
    .filter(takesWebhooks)
    .flatMap((method): Problem[] => {
      const verbs = webhookRoutes(method).map(({ verb }) => verb);
      const name = `method '${method.localName}'`;
      return [
        ...(verbs.length > 0 && verbs.every((verb) => verb === 'POST')
          ? []
          : [
              {
                subject,
                rule: `${name} takes webhooks (raw_webhook), so its google.api.http annotation must be a POST`,
                given: quotedList(verbs),
                fix,
              },
            ]),
        ...(service.systemMethods.includes(method.localName)
          ? []
          : [
              {
                subject,
                rule: `${name} takes webhooks (raw_webhook), so it must be in systemMethods`,
                given: 'no entry',
                fix,
              },
            ]),
      ];
    });
}

function routeProblems(services: readonly AnyService[]): Problem[] {
  const owners = new Map<string, string>();
  return services.flatMap((service) =>
    methodsOf(service).flatMap((method) =>
      [...httpRoutes(method), ...webhookRoutes(method)].flatMap(({ verb, path }): Problem[] => {
        // Two templates that differ only in the names of their variables match the same requests.
        const key = `${verb} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
        const owner = owners.get(key);
        owners.set(key, `${service.name}.${method.localName}`);
        if (owner === undefined) return [];
        return [
          {
            subject: `Service '${service.name}'`,
            rule: `route of method '${method.localName}' must not be that of ${owner}`,
            given: quoted(`${verb} ${path}`),
            fix: 'change the google.api.http annotation in its contract',
          },
        ];
      }),
    ),
  );
}

function methodsOf(service: AnyService): readonly DescMethod[] {
  return service.contract?.methods ?? [];
}
