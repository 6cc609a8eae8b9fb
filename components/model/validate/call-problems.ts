import type { Call } from '../call.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import type { AnyTask } from '../task.ts';
import { callerSubject, PLATFORM_FILE, quotedList } from './problem.ts';
import type { Problem } from './problem.ts';

/** Callees and methods of every call. */
export function callProblems(platform: PlatformProps): Problem[] {
  const known = platform.services.map((service) => service.name);
  return [...platform.services, ...(platform.tasks ?? [])].flatMap((caller) => [
    ...caller.calls.flatMap((call) => [
      ...calleeProblems(caller, call, known),
      ...methodProblems(caller, call),
    ]),
    ...repeatedCalleeProblems(caller),
  ]);
}

function calleeProblems(
  caller: AnyService | AnyTask,
  call: Call,
  known: readonly string[],
): Problem[] {
  const { subject, file } = callerSubject(caller);
  const callee = call.service.name;
  if (callee === caller.name) {
    return [
      {
        subject,
        rule: 'a service must not call itself',
        given: `a call to '${callee}'`,
        fix: `remove it in ${file}`,
      },
    ];
  }
  if (known.includes(callee)) return [];
  return [
    {
      subject,
      rule: `it must call services of this platform (${quotedList(known)})`,
      given: `a call to '${callee}'`,
      fix: `add '${callee}' to ${PLATFORM_FILE} or remove the call in ${file}`,
    },
  ];
}

function methodProblems(caller: AnyService | AnyTask, call: Call): Problem[] {
  const { subject, file } = callerSubject(caller);
  const callee = call.service.name;
  const known = (call.service.contract?.methods ?? []).map((method) => method.localName);
  const rule = `calls to '${callee}' must name methods of its contract (${quotedList(known)})`;
  const fix = `set it in ${file}`;
  if (call.methods.length === 0) return [{ subject, rule, given: 'none', fix }];
  const unknown = call.methods.filter((method) => !known.includes(method));
  return unknown.length === 0 ? [] : [{ subject, rule, given: quotedList(unknown), fix }];
}

function repeatedCalleeProblems(caller: AnyService | AnyTask): Problem[] {
  const { subject, file } = callerSubject(caller);
  const callees = caller.calls.map((call) => call.service.name);
  return callees
    .filter((callee, position) => callees.indexOf(callee) !== position)
    .map((callee) => ({
      subject,
      rule: `all methods of '${callee}' must be named in one call`,
      given: 'several calls',
      fix: `merge them in ${file}`,
    }));
}
