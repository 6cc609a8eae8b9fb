import type { AnyService } from '../service.ts';
import type { AnyTask } from '../task.ts';

/** One thing that is wrong, in the parts that every message has. */
export interface Problem {
  /** The thing, such as "Topic 'orders'". */
  readonly subject: string;
  /** What is allowed, such as 'partitions must be 1 to 200'. */
  readonly rule: string;
  /** What was given instead. */
  readonly given: string | number;
  /** The way out, such as 'set it in services/orders/service.ts'. */
  readonly fix: string;
}

/** `Topic 'orders': partitions must be 1 to 200, got 0; set it in services/orders/service.ts`. */
export function describeProblem({ subject, rule, given, fix }: Problem): string {
  return `${subject}: ${rule}, got ${typeof given === 'number' ? String(given) : given}; ${fix}`;
}

/** Quotes a value for a message. */
export function quoted(text: string): string {
  return `'${text}'`;
}

/** Quotes each of some values, or says that there are none. */
export function quotedList(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.map(quoted).join(', ');
}

/** The file in which a service is declared. */
export function serviceFile(name: string): string {
  return `services/${name}/service.ts`;
}

/** The file in which a service says who may call it. */
export function accessFile(serviceName: string): string {
  return `services/${serviceName}/access.ts`;
}

/** The file in which a service's topics are declared. */
export function topicsFile(serviceName: string): string {
  return `services/${serviceName}/topics.ts`;
}

/** The file in which the platform is put together. */
export const PLATFORM_FILE = 'infra/platform.ts';

/** How a caller is called in messages, and where it is declared. */
export function callerSubject(caller: AnyService | AnyTask): {
  readonly subject: string;
  readonly file: string;
} {
  return caller.kind === 'service'
    ? { subject: `Service '${caller.name}'`, file: serviceFile(caller.name) }
    : { subject: `Task '${caller.name}'`, file: taskFile(caller) };
}

/** The file in which a task is declared: beside its entry. */
export function taskFile(task: AnyTask): string {
  return `${task.entry.slice(0, task.entry.lastIndexOf('/') + 1)}task.ts`;
}

/** A problem when a number is not an integer of a range; nothing when it is. */
export function integerProblem(
  subject: string,
  field: string,
  value: number,
  range: readonly [least: number, most: number],
  fix: string,
): Problem[] {
  const [least, most] = range;
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  const allowed = least === most ? String(least) : `${least} to ${most}`;
  return [{ subject, rule: `${field} must be ${allowed}`, given: value, fix }];
}
