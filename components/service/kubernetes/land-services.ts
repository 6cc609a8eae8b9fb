import { declarePart } from '../../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../../kubernetes/lowering.ts';
import type { ServicesPlace } from '../../kubernetes/services-place.ts';
import type { ServiceLanding } from '../service.ts';
import type { NounLanding } from '../../noun-landing.ts';
import { lowerServices } from './lower-services.ts';
import type { ChartedService } from './lower-services.ts';

/** Declares every object of a service, and then the Job that waits until its release has the traffic. */
export function landServices(
  _lowered: readonly ChartedService[],
  { serviceParts, rollouts }: ServicesPlace,
): ServiceLanding {
  return (parent, args) => {
    const [part, rollout] = [serviceParts[args.service], rollouts[args.service]];
    if (part === undefined || rollout === undefined) {
      throw new Error(`Service '${args.service}' is not landed`);
    }
    const objects = declarePart(part, {
      parent,
      dependsOn: [...args.zones.foundation, ...args.after],
    });
    // Whoever waits for the service waits for its Rollout too.
    declarePart(rollout, { parent, dependsOn: objects });
    return { replicas: [] };
  };
}

/** Services in a cluster. */
export const kubernetesServices: NounLanding<
  KubernetesLowering,
  readonly ChartedService[],
  ServicesPlace,
  ServiceLanding
> = { lower: lowerServices, land: landServices };
