import type { DescMethod } from '@bufbuild/protobuf';
import { methodPath } from '@meridian/language/method.ts';
import { ROLE } from '@meridian/language/subject.ts';
import { callEdges, entriesByService } from '../declared-calls.ts';
import type { CallEdge, EntryPaths } from '../graph.ts';
import { httpRoutes } from '../http-route.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { callerSubject, quoted, quotedList, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** Who may act through which method: every call that is declared can be made, and by nobody else. */
export function accessProblems(platform: PlatformProps): Problem[] {
  const { services } = platform;
  const tasks = platform.tasks ?? [];
  const calls = [...services, ...tasks].flatMap(callEdges);
  const entries = entriesByService(services, calls);
  return services.flatMap((service) => [
    ...signatureProblems(service),
    ...nameProblems(service),
    ...routeProblems(service),
    ...roleProblems(service),
    ...taskProblems(service, platform),
    ...entryProblems(service, calls, entries[service.name] ?? {}),
  ]);
}

/** Contexts are the edge's to sign: services take them from nobody else. */
function signatureProblems(service: AnyService): Problem[] {
  if (service.exposure !== 'edge' || service.signs.includes('context')) return [];
  const rule = "it must sign 'context', because requests enter by it";
  return [problemOf(service, rule, quotedList(service.signs))];
}

function nameProblems(service: AnyService): Problem[] {
  const known = methodsOf(service).map((method) => method.localName);
  const options = {
    systemMethods: service.systemMethods,
    anonymousMethods: service.anonymousMethods,
    requiredRoles: Object.keys(service.requiredRoles),
  };
  return Object.entries(options).flatMap(([option, names]): Problem[] => {
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length === 0) return [];
    const rule = `${option} must be methods of its contract (${quotedList(known)})`;
    return [problemOf(service, rule, quotedList(unknown))];
  });
}

/** What is asked of a subject is asked where requests enter. */
function routeProblems(service: AnyService): Problem[] {
  const hidden = methodsOf(service)
    .filter((method) => service.exposure !== 'public' || httpRoutes(method).length === 0)
    .map((method) => method.localName);
  const options = {
    anonymousMethods: service.anonymousMethods,
    requiredRoles: Object.keys(service.requiredRoles),
  };
  return Object.entries(options).flatMap(([option, names]): Problem[] => {
    const wrong = names.filter((name) => hidden.includes(name));
    if (wrong.length === 0) return [];
    const rule = `${option} must be methods with a google.api.http annotation`;
    return [problemOf(service, rule, quotedList(wrong))];
  });
}

function roleProblems(service: AnyService): Problem[] {
  return Object.entries(service.requiredRoles).flatMap(([method, roles = []]): Problem[] => {
    if (service.anonymousMethods.includes(method)) {
      const rule = `method ${quoted(method)} must be in requiredRoles or in anonymousMethods`;
      return [problemOf(service, rule, 'both')];
    }
    if (roles.length > 0 && roles.every((role) => ROLE.fits.test(role))) return [];
    const rule = `roles of method ${quoted(method)} must be one or more lower-case words of at most 32 letters, digits and hyphens`;
    return [problemOf(service, rule, quotedList(roles))];
  });
}

/** A task acts for nobody, so there is no context that it could show. */
function taskProblems(service: AnyService, { tasks = [] }: PlatformProps): Problem[] {
  return tasks.flatMap((task): Problem[] => {
    const called = task.calls
      .filter((call) => call.service.name === service.name)
      .flatMap((call) => call.methods)
      .filter((name) => methodsOf(service).some((method) => method.localName === name));
    const closed = called.filter((name) => !service.systemMethods.includes(name));
    if (closed.length === 0) return [];
    return [
      {
        subject: callerSubject(task).subject,
        rule: `methods of '${service.name}' that a task calls must be in its systemMethods`,
        given: quotedList(closed),
        fix: `set it in ${serviceFile(service.name)}`,
      },
    ];
  });
}

/** A call that no request leads to is the platform's own. */
function entryProblems(
  service: AnyService,
  calls: readonly CallEdge[],
  entries: EntryPaths,
): Problem[] {
  const isCalled = (path: string) =>
    calls.some(({ to, methods }) => to === service.name && methods.includes(path));
  const unreached = methodsOf(service).filter((method) => {
    const path = methodPath(method);
    const system = service.systemMethods.includes(method.localName);
    return isCalled(path) && !system && Object.keys(entries[path] ?? {}).length === 0;
  });
  return unreached.map((method) =>
    problemOf(
      service,
      `method ${quoted(method.localName)} must be in systemMethods, because it is called and no request from the edge leads to it`,
      'no entry in systemMethods',
    ),
  );
}

function problemOf(service: AnyService, rule: string, given: string): Problem {
  return {
    subject: `Service '${service.name}'`,
    rule,
    given,
    fix: `set it in ${serviceFile(service.name)}`,
  };
}

function methodsOf(service: AnyService): readonly DescMethod[] {
  return service.contract?.methods ?? [];
}
