import type { MeasuredSize, PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { ROLES } from '@meridian/language/access.ts';
import {
  RATE_LIMIT_CLASSES,
  RATE_LIMIT_REQUESTS_MAX,
  RATE_LIMIT_WINDOW_SECONDS_MAX,
} from '@meridian/language/rate-limit.ts';
import { HEAP_SHARE, outsideHeap } from '../measured-scale.ts';
import { integerProblem, serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** Two, so that a zone can go; twenty, so that a runaway service cannot take the whole cluster. */
export const REPLICA_RANGE = [2, 20] as const;

/**
 * Node.js with the kit of a service takes 65 to 170 MiB where it is at work (docs/performance.md, Memory); at less
 * than twice the least of it the kernel ends the process before V8 collects.
 */
export const MEMORY_RANGE_MIB = [128, 65_536] as const;

/** Node.js with the kit of a service has 29 to 50 MiB in use where it is at work (services/measured.json). */
const HEAP_LEAST_MIB = 32;

const CPU_RANGE_MILLICORES = [10, 64_000] as const;

/** Of one replica; a process of Node.js serves no more. */
const CALLS_RANGE = [1, 10_000] as const;

/** Of its limit: the rest is for what no measurement has seen. */
const MEASURED_SHARE = 0.8;

/** Scale and limits of every service. */
export function sizingProblems({ services, measured = {} }: PlatformProps): Problem[] {
  return services.flatMap((service) => [
    ...scaleProblems(service),
    ...measuredProblems(service, measured[service.name]),
    ...heapProblems(service, measured[service.name]),
    ...callsProblems(service, measured[service.name]),
    ...limitProblems(service),
    ...rateLimitProblems(service),
  ]);
}

function scaleProblems({ name, scale }: AnyService): Problem[] {
  const subject = `Service '${name}'`;
  const fix = `set it in ${serviceFile(name)}`;
  const { minReplicas, maxReplicas } = scale;
  const check = (field: keyof typeof scale, range: readonly [number, number]) => {
    const value = scale[field];
    return value === undefined ? [] : integerProblem(subject, `scale.${field}`, value, range, fix);
  };
  const inverted: Problem[] =
    minReplicas > maxReplicas
      ? [
          {
            subject,
            rule: `scale.minReplicas must not exceed scale.maxReplicas (${maxReplicas})`,
            given: minReplicas,
            fix,
          },
        ]
      : [];
  return [
    ...check('minReplicas', REPLICA_RANGE),
    ...check('maxReplicas', REPLICA_RANGE),
    ...inverted,
    ...check('targetCpuPercent', [10, 95]),
    ...check('targetQueueDepth', [1, 10_000]),
    ...check('callsPerSecond', CALLS_RANGE),
    ...check('cpuMillicores', CPU_RANGE_MILLICORES),
    ...check('memoryMiB', MEMORY_RANGE_MIB),
  ];
}

/** At its limit the kernel ends a process, whatever it is doing. */
function measuredProblems(
  { name, scale }: AnyService,
  measured: MeasuredSize | undefined,
): Problem[] {
  if (measured === undefined || measured.peakMiB <= scale.memoryMiB * MEASURED_SHARE) return [];
  const { peakMiB } = measured;
  return [
    {
      subject: `Service '${name}'`,
      rule: `scale.memoryMiB must be ${Math.ceil(peakMiB / MEASURED_SHARE)} or more, since ${peakMiB} MiB were measured (services/measured.json) and may be ${MEASURED_SHARE * 100} % of it`,
      given: scale.memoryMiB,
      fix: `set it in ${serviceFile(name)}, or measure again (npm run bench:sizes)`,
    },
  ];
}

/** A heap that a service declares itself: what was in use has room in it, and it has room beside the rest. */
function heapProblems({ name, scale }: AnyService, measured: MeasuredSize | undefined): Problem[] {
  const { heapMiB, memoryMiB } = scale;
  if (heapMiB === undefined) return [];
  const least = measured?.heapMiB ?? HEAP_LEAST_MIB;
  const most = Math.floor(
    measured === undefined ? memoryMiB * HEAP_SHARE : memoryMiB - outsideHeap(scale, measured),
  );
  if (Number.isInteger(heapMiB) && heapMiB >= least && heapMiB <= most) return [];
  const because =
    measured === undefined
      ? `, of ${memoryMiB} MiB of memory`
      : `, since ${measured.heapMiB} MiB of it were measured to be in use, and ${measured.peakMiB - measured.heapMiB} of ${memoryMiB} MiB of memory beside it (services/measured.json)`;
  return [
    {
      subject: `Service '${name}'`,
      rule: `scale.heapMiB must be ${least} to ${most}${because}`,
      given: heapMiB,
      fix: `set it or scale.memoryMiB in ${serviceFile(name)}, or leave it out`,
    },
  ];
}

/** A process runs JavaScript on one processor, however much CPU it is given. */
function callsProblems({ name, scale }: AnyService, measured: MeasuredSize | undefined): Problem[] {
  const { cpuMsPerCall } = measured ?? {};
  if (cpuMsPerCall === undefined || scale.callsPerSecond * cpuMsPerCall <= 1_000) return [];
  return [
    {
      subject: `Service '${name}'`,
      rule: `scale.callsPerSecond must be ${Math.floor(1_000 / cpuMsPerCall)} or less, since a call was measured to take ${cpuMsPerCall} ms of the one processor that runs JavaScript (services/measured.json)`,
      given: scale.callsPerSecond,
      fix: `set it in ${serviceFile(name)}, or measure again (npm run bench:sizes)`,
    },
  ];
}

function limitProblems({ name, limits }: AnyService): Problem[] {
  const subject = `Service '${name}'`;
  const fix = `set it in ${serviceFile(name)}`;
  return [
    ...integerProblem(subject, 'limits.concurrency', limits.concurrency, [1, 10_000], fix),
    ...integerProblem(subject, 'limits.queueDepth', limits.queueDepth, [1, 100_000], fix),
  ];
}

/** Each role may be a class of its own. */
function rateLimitProblems({ name, exposure, rateLimits }: AnyService): Problem[] {
  const subject = `Service '${name}'`;
  const fix = `set it in ${serviceFile(name)}`;
  const given = Object.keys(rateLimits);
  const wanted: readonly string[] = exposure === 'edge' ? RATE_LIMIT_CLASSES : [];
  const ownLimits = ROLES.filter((role) => !wanted.includes(role));
  const possible: readonly string[] = exposure === 'edge' ? [...wanted, ...ownLimits] : [];
  if (
    wanted.some((each) => !given.includes(each)) ||
    given.some((each) => !possible.includes(each))
  ) {
    const rule =
      exposure === 'edge'
        ? `rateLimits must be for the classes ${RATE_LIMIT_CLASSES.join(', ')} and may be for roles with a limit of their own (${ownLimits.join(', ')})`
        : 'rateLimits must be empty, as only the edge service counts callers';
    return [{ subject, rule, given: given.join(', ') || 'none', fix }];
  }
  return Object.entries(rateLimits).flatMap(([className, limit]) =>
    (['requests', 'windowSeconds', 'burst'] as const).flatMap((field) =>
      integerProblem(
        subject,
        `rateLimits.${className}.${field}`,
        limit[field],
        [1, field === 'windowSeconds' ? RATE_LIMIT_WINDOW_SECONDS_MAX : RATE_LIMIT_REQUESTS_MAX],
        fix,
      ),
    ),
  );
}
