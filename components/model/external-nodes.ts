import type { AnyExternal } from './external.ts';
import type { ExternalNode, PlatformGraph } from './graph.ts';
import { compareText, sortedByName, sortedUnique } from './order.ts';
import type { AnyService } from './service.ts';

/** The systems outside the platform that services declare, each with its users. */
export function externalNodes(services: readonly AnyService[]): readonly ExternalNode[] {
  const externals = new Map<string, AnyExternal>(
    services.flatMap((service) => service.externals.map((one) => [one.name, one] as const)),
  );
  return sortedByName(
    [...externals.values()].map(({ name, summary, secrets, parameters, standIn }) => ({
      name,
      summary,
      secrets: secrets.toSorted(compareText),
      parameters: parameters.toSorted(compareText),
      standIn: { entry: standIn.entry, slot: standIn.slot },
      users: sortedUnique(
        services
          .filter((service) => service.externals.some((one) => one.name === name))
          .map((service) => service.name),
      ),
    })),
  );
}

/** The path at the edge to which a system outside the platform sends webhooks; undefined where it sends none. */
export function webhookPath(graph: PlatformGraph, external: ExternalNode): string | undefined {
  if (!external.secrets.includes('webhook-secret')) return undefined;
  const [route] = graph.services
    .filter(({ name }) => external.users.includes(name))
    .flatMap(({ methods }) => methods.flatMap(({ webhooks }) => webhooks));
  return route?.path.replaceAll(/\{[^}]*\}/g, external.name);
}
