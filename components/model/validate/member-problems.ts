import type { Topic } from '@meridian/language/topic.ts';
import { publisherOf } from '@meridian/language/topic.ts';
import type { AnyExternal } from '../external.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { STORE_MEMBERS } from '../store.ts';
import type { AnyTask } from '../task.ts';
import { MEMBERS } from './known-members.ts';
import { didYouMean } from './nearest-name.ts';
import { accessFile, quoted, quotedList, serviceFile, taskFile, topicsFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** Whose members are looked at, and where they are written. */
interface Owner {
  readonly subject: string;
  readonly file: string;
}

/**
 * Members that nothing reads: a default would stand in place of what was meant. The compiler says so too, but a program
 * runs with its types erased.
 */
export function memberProblems({ services, tasks = [] }: PlatformProps): Problem[] {
  const topics = new Set(
    services.flatMap(({ publishes, consumes }) => [...publishes, ...consumes]),
  );
  const externals = new Map(
    services.flatMap(({ name, externals: used }) => used.map((one) => [one, name] as const)),
  );
  return [
    ...services.flatMap((service) => [...serviceProblems(service), ...accessRowProblems(service)]),
    ...[...topics].flatMap(ofTopic),
    ...[...externals].flatMap(([external, user]) => ofExternal(external, user)),
    ...tasks.flatMap(ofTask),
  ];
}

function serviceProblems(service: AnyService): Problem[] {
  const { name, scale, limits, rateLimits, objectives, alerts, stores } = service;
  const owner = { subject: `Service '${name}'`, file: serviceFile(name) };
  const { operations = {}, freshness = [] } = objectives;
  const each = (path: string, values: object, known: object): Problem[] =>
    Object.entries(values).flatMap(([key, value]: [string, object]) =>
      unknownMembers(owner, `${path}.${key}`, value, known),
    );
  return [
    ...unknownMembers(owner, '', service, MEMBERS.service),
    ...unknownMembers(owner, 'scale', scale, MEMBERS.scale),
    ...unknownMembers(owner, 'limits', limits, MEMBERS.limits),
    ...each('rateLimits', rateLimits, MEMBERS.rateLimit),
    ...unknownMembers(owner, 'objectives', objectives, MEMBERS.objectives),
    ...each('objectives.operations', operations, MEMBERS.operation),
    ...each('objectives.freshness', freshness, MEMBERS.freshness),
    ...each('alerts', alerts, MEMBERS.alert),
    ...stores.flatMap((store) => {
      const subject = `Store '${store.name}'`;
      return unknownMembers({ ...owner, subject }, '', store, STORE_MEMBERS[store.kind]);
    }),
  ];
}

function accessRowProblems({ name, access }: AnyService): Problem[] {
  const owner = { subject: `Service '${name}'`, file: accessFile(name) };
  return Object.entries(access).flatMap(([method, row]) => [
    ...unknownMembers(owner, `access.${method}`, row ?? {}, MEMBERS.accessRow),
    ...Object.entries(row ?? {}).flatMap(([column, cell]: [string, unknown]) =>
      typeof cell === 'object' && cell !== null
        ? unknownMembers(owner, `access.${method}.${column}`, cell, MEMBERS.accessCell)
        : [],
    ),
  ]);
}

function ofTopic(topic: Topic): Problem[] {
  const owner = { subject: `Topic '${topic.name}'`, file: topicsFile(publisherOf(topic.name)) };
  return unknownMembers(owner, '', topic, MEMBERS.topic);
}

function ofExternal(external: AnyExternal, user: string): Problem[] {
  const owner = { subject: `External '${external.name}'`, file: serviceFile(user) };
  return [
    ...unknownMembers(owner, '', external, MEMBERS.external),
    ...unknownMembers(owner, 'standIn', external.standIn, MEMBERS.standIn),
  ];
}

function ofTask(task: AnyTask): Problem[] {
  const owner = { subject: `Task '${task.name}'`, file: taskFile(task) };
  return [
    ...unknownMembers(owner, '', task, MEMBERS.task),
    ...(task.inputs ?? []).flatMap((input, place) =>
      unknownMembers(owner, `inputs.${place}`, input, MEMBERS.input),
    ),
  ];
}

/** @param path to the value in its declaration, such as `scale`; empty for the declaration itself */
function unknownMembers(
  { subject, file }: Owner,
  path: string,
  value: object,
  known: object,
): Problem[] {
  const names = Object.keys(known).filter((name) => name !== 'kind' && name !== 'binding');
  return Object.keys(value)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({
      subject,
      rule: `${path === '' ? 'its members' : `members of ${path}`} must be among ${quotedList(names)}`,
      given: quoted(key),
      fix: `${didYouMean(key, names)}rename or remove it in ${file}`,
    }));
}
