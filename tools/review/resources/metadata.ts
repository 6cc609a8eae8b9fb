import { once, sides } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { tags } from './tags.ts';
import { federation } from './trust.ts';

/** Labels and annotations that nobody acts on: who made it, of which release, for people. */
const OF_NOBODY =
  /^metadata\.(?:annotations|labels)\["(?:app\.kubernetes\.io|helm\.sh|meridian|pulumi\.com)\//;

/** How strictly pods of a namespace are judged. Source: Kubernetes, "Pod Security Admission". */
const POD_SECURITY = /^metadata\.labels\["pod-security\.kubernetes\.io\//;

/** What labels and annotations of any object mean; any other one is for somebody to look at. */
export const metadata: readonly Aspect[] = [
  federation,
  once(OF_NOBODY, 'object-changed', 'nobody acts on it', 'labels and annotations'),
  tags,
  {
    field: POD_SECURITY,
    // What it warns of and writes down goes with what it enforces: all is one change.
    tell: (_change, lines) => {
      const line = lines.find(({ property }) => property.endsWith('/enforce"]')) ?? lines[0];
      if (line === undefined) return [];
      return [
        {
          kind: 'policy-weakened',
          property: `pod security, ${/\/([\w-]+)"\]$/.exec(line.property)?.[1] ?? 'a label'}`,
          ...sides(line),
          consequence: 'pods of the namespace are judged by another standard',
        },
      ];
    },
  },
];
