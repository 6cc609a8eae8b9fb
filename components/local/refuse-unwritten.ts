import type { PlatformGraph } from '../model/graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/**
 * Refuses what services may declare and this landing cannot make real yet, instead of leaving it
 * out in silence. Throws CodedError LANDING_NOT_YET, which lists every case.
 */
export function refuseUnwritten(graph: PlatformGraph): void {
  const problems = [
    ...graph.services.flatMap((service) =>
      service.stores.flatMap((store) => {
        const subject = `Store '${store.binding}'`;
        const fix = `declare it 'implemented: false' in services/${service.name}/service.ts`;
        if (store.kind === 'redis') return [];
        if (store.kind !== 'postgres') {
          return [
            `${subject}: the local landing must be able to make it ('postgres' or 'redis'), got '${store.kind}'; ${fix}`,
          ];
        }
        if (store.access === 'read-write') return [];
        return [
          `${subject}: access must be 'read-write' in the local landing so far, got '${store.access}'; ${fix}`,
        ];
      }),
    ),
  ];
  if (problems.length > 0) {
    throw new CodedError('LANDING_NOT_YET', problems.join('\n'), { problems });
  }
}
