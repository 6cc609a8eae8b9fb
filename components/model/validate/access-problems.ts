import type { DescMethod } from '@bufbuild/protobuf';
import { answerOf, COLUMNS, letsIn, ROLES, YES } from '@meridian/language/access.ts';
import type { AccessRow } from '@meridian/language/access.ts';
import { methodPath } from '@meridian/language/method.ts';
import { callEdges, entriesByService } from '../declared-calls.ts';
import type { CallEdge, EntryPaths } from '../graph.ts';
import { httpRoutes } from '../http-route.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { accessFile, callerSubject, quoted, quotedList, serviceFile } from './problem.ts';
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
    ...rowProblems(service),
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
  const unknown = service.systemMethods.filter((name) => !known.includes(name));
  if (unknown.length === 0) return [];
  const rule = `systemMethods must be methods of its contract (${quotedList(known)})`;
  return [problemOf(service, rule, quotedList(unknown))];
}

/** Who may call is said of every method where requests enter, and of no other. */
function rowProblems(service: AnyService): Problem[] {
  const routed = methodsOf(service)
    .filter((method) => service.exposure === 'public' && httpRoutes(method).length > 0)
    .map((method) => method.localName);
  const given = Object.keys(service.access);
  const missing = routed.filter((name) => !given.includes(name));
  const extra = given.filter((name) => !routed.includes(name));
  const rule = 'access must have a row for each method with a google.api.http annotation';
  return [
    ...(missing.length === 0
      ? []
      : [tableProblem(service, `${rule}, and so for ${quotedList(missing)}`, 'none')]),
    ...(extra.length === 0
      ? []
      : [
          tableProblem(service, `${rule} (${quotedList(routed)}), and no other`, quotedList(extra)),
        ]),
    ...Object.entries(service.access).flatMap(([name, row]) =>
      row === undefined ? [] : cellProblems(service, name, row),
    ),
  ];
}

function cellProblems(service: AnyService, name: string, row: AccessRow): Problem[] {
  const method = `method ${quoted(name)}`;
  const open = letsIn(row.anonymous) ? ROLES.filter((role) => !letsIn(row[role])) : [];
  const telling = COLUMNS.filter((column) => tellsWhatThereIs(row[column]));
  return [
    ...(open.length === 0
      ? []
      : [
          tableProblem(
            service,
            `${method} must let in every role, as it lets in whoever is not signed in`,
            `refusals for ${quotedList(open)}`,
          ),
        ]),
    ...(telling.length === 0
      ? []
      : [
          tableProblem(
            service,
            `${method} must refuse another's object and one that is absent alike, or its refusals tell which there are`,
            `different refusals for ${quotedList(telling)}`,
          ),
        ]),
  ];
}

/** Source: AIP-211, "Authorization checks": who may not know of an object is not told whether there is one. */
function tellsWhatThereIs(cell: AccessRow[(typeof COLUMNS)[number]]): boolean {
  const another = answerOf(cell, 'another');
  return another !== YES && another !== answerOf(cell, 'absent');
}

function tableProblem(service: AnyService, rule: string, given: string): Problem {
  const fix = `set it in ${accessFile(service.name)}`;
  return { ...problemOf(service, rule, given), fix };
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
